using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace OmsWorkflows.Local.Runtime.Worker;

/// <summary>Finds the functions of an assembly by attribute and refuses, by name, the ones that cannot work.</summary>
internal static class FunctionCatalog
{
    /// <summary>Finds all functions.</summary>
    /// <exception cref="InvalidOperationException">A function cannot be bound or shares its name with another.</exception>
    public static IReadOnlyList<FunctionDescriptor> Find(Assembly assembly)
    {
        var functions = new Dictionary<string, FunctionDescriptor>(StringComparer.OrdinalIgnoreCase);
        const BindingFlags any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var method in assembly.GetTypes().SelectMany(type => type.GetMethods(any)))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is not { } attribute)
                continue;

            var function = Describe(attribute.Name, method);
            if (!functions.TryAdd(function.Name, function))
                throw Refuse(attribute.Name, $"the name is used by {functions[function.Name].EntryPoint} and by {function.EntryPoint}. Names are unique in an app, whatever their case");
        }

        return [.. functions.Values.OrderBy(function => function.Name, StringComparer.Ordinal)];
    }

    internal static FunctionDescriptor Describe(string name, MethodInfo method)
    {
        if (!method.IsPublic || !method.DeclaringType!.IsVisible)
            throw Refuse(name, $"{method.DeclaringType!.FullName}.{method.Name} must be public, in a public class");
        if (method.ContainsGenericParameters)
            throw Refuse(name, "a function cannot be generic");
        if (method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(ValueTask<>) || method.ReturnType == typeof(ValueTask))
            throw Refuse(name, "the isolated worker awaits Task and Task<T>, not ValueTask. Return Task");

        var triggers = method.GetParameters()
            .Select(parameter => (parameter, attribute: parameter.GetCustomAttribute<TriggerBindingAttribute>()))
            .Where(trigger => trigger.attribute is not null)
            .ToList();
        if (triggers.Count != 1)
            throw Refuse(name, $"it has {triggers.Count} trigger parameters. A function has exactly one");

        var (parameter, attribute) = triggers[0];
        return new FunctionDescriptor(name, method, attribute!, parameter)
        {
            Binders = ParameterBinder.For(name, method, attribute!, parameter),
            ReadResult = ResultReader(method.ReturnType),
        };
    }

    private static Func<Task, object?> ResultReader(Type returnType)
    {
        if (!returnType.IsGenericType || returnType.GetGenericTypeDefinition() != typeof(Task<>))
            return static _ => null;

        return typeof(FunctionCatalog).GetMethod(nameof(ResultOf), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(returnType.GetGenericArguments())
            .CreateDelegate<Func<Task, object?>>();
    }

    private static object? ResultOf<T>(Task task) => ((Task<T>)task).GetAwaiter().GetResult();

    internal static InvalidOperationException Refuse(string function, string why) => new($"Function '{function}' cannot be loaded: {why}.");
}
