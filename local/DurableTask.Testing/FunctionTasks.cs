using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;

namespace DurableTask.Testing;

/// <summary>Finds a Function app's orchestrators and activities by their attributes, as the Functions host does.</summary>
public static class FunctionTasks
{
    private const BindingFlags Any =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>
    /// Registers every orchestrator and activity function of an assembly. Functions with other triggers are left alone. Classes that hold
    /// activities as instance methods are made for each call, with constructor parameters from the host's services.
    /// </summary>
    /// <exception cref="InvalidOperationException">A function cannot run in this host; the message names it and says why.</exception>
    public static DurableTaskRegistry AddFunctions(this DurableTaskRegistry registry, Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        foreach (var type in assembly.GetTypes())
            registry.AddFunctions(type);

        return registry;
    }

    /// <summary>Registers the orchestrator and activity functions of one class.</summary>
    /// <exception cref="InvalidOperationException">A function cannot run in this host; the message names it and says why.</exception>
    public static DurableTaskRegistry AddFunctions(this DurableTaskRegistry registry, Type type)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(type);
        foreach (var method in type.GetMethods(Any))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is { } function)
                Add(registry, function.Name, method);
        }

        return registry;
    }

    private static void Add(DurableTaskRegistry registry, string name, MethodInfo method)
    {
        foreach (var parameter in method.GetParameters())
        {
            switch (parameter.GetCustomAttributes().FirstOrDefault(IsDurableTrigger))
            {
                case OrchestrationTriggerAttribute trigger:
                    var orchestrator = new Function(name, method, [typeof(TaskOrchestrationContext)]);
                    registry.AddOrchestrator(trigger.Orchestration ?? name, () => new FunctionOrchestrator(orchestrator));
                    return;
                case ActivityTriggerAttribute trigger:
                    var activity = new Function(name, method, [typeof(CancellationToken)], parameter);
                    registry.AddActivity(trigger.Activity ?? name, services => new FunctionActivity(activity, services));
                    return;
                case EntityTriggerAttribute:
                    throw Function.Refused(name, "entities do not run in this host");
            }
        }
    }

    private static bool IsDurableTrigger(Attribute attribute)
        => attribute is OrchestrationTriggerAttribute or ActivityTriggerAttribute or EntityTriggerAttribute;

    /// <summary>A method, the parameter that takes the input, and what the host gives to the others by their type.</summary>
    private sealed class Function
    {
        private readonly MethodInfo _method;
        private readonly ParameterInfo[] _parameters;
        private readonly ParameterInfo? _input;
        private readonly PropertyInfo? _result;

        public Function(string name, MethodInfo method, Type[] given, ParameterInfo? input = null)
        {
            _method = method;
            _parameters = method.GetParameters();
            var others = _parameters.Where(parameter => parameter != input && !given.Contains(parameter.ParameterType)).ToList();
            if (input is null && others is [var only])
                (input, others) = (only, []);

            if (others is [var unknown, ..])
                throw Refused(name, $"the host has nothing to give to its parameter '{unknown.Name}' ({unknown.ParameterType.Name})");

            if (method.ReturnType.IsAssignableTo(typeof(ValueTask)) || method.ReturnType.Name == "ValueTask`1")
                throw Refused(name, "the Functions worker awaits Task and Task<T>, not ValueTask");

            _input = input;
            var isTaskOfResult = method.ReturnType.IsAssignableTo(typeof(Task)) && method.ReturnType.IsGenericType;
            _result = isTaskOfResult ? method.ReturnType.GetProperty(nameof(Task<>.Result)) : null;
        }

        public Type InputType => _input?.ParameterType ?? typeof(object);

        public Type? Class => _method.IsStatic ? null : _method.DeclaringType;

        public async Task<object?> InvokeAsync(object? instance, object? context, object? input)
        {
            var arguments = Array.ConvertAll(_parameters, parameter => parameter == _input ? input : context);
            var returned = _method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, arguments, null);
            if (returned is not Task task)
                return returned;

            await task;
            return _result?.GetValue(task);
        }

        public static InvalidOperationException Refused(string name, string why)
            => new($"Function '{name}' cannot run in the test host: {why}.");
    }

    private sealed class FunctionOrchestrator(Function function) : ITaskOrchestrator
    {
        public Type InputType => function.InputType;

        public Type OutputType => typeof(object);

        public Task<object?> RunAsync(TaskOrchestrationContext context, object? input)
            => function.InvokeAsync(function.Class is { } type ? Activator.CreateInstance(type) : null, context, input);
    }

    private sealed class FunctionActivity(Function function, IServiceProvider services) : ITaskActivity
    {
        public Type InputType => function.InputType;

        public Type OutputType => typeof(object);

        public Task<object?> RunAsync(TaskActivityContext context, object? input)
        {
            var instance = function.Class is { } type ? ActivatorUtilities.GetServiceOrCreateInstance(services, type) : null;
            return function.InvokeAsync(instance, CancellationToken.None, input);
        }
    }
}
