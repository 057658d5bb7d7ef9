using System.Collections.Immutable;
using System.ComponentModel;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using OmsWorkflows.Local.Runtime.Worker.Http;

namespace OmsWorkflows.Local.Runtime.Worker;

/// <summary>Decides, once per function and at start-up, how each parameter is filled. What the isolated worker cannot bind is refused here, by name.</summary>
internal static class ParameterBinder
{
    public static ImmutableArray<BindParameter> For(string function, MethodInfo method, TriggerBindingAttribute trigger, ParameterInfo triggerParameter)
    {
        var expected = trigger switch
        {
            HttpTriggerAttribute => typeof(HttpRequest),
            OrchestrationTriggerAttribute => typeof(TaskOrchestrationContext),
            TimerTriggerAttribute => typeof(TimerInfo),
            _ => null,
        };
        if (expected is not null && triggerParameter.ParameterType != expected)
            throw FunctionCatalog.Refuse(function, $"parameter '{triggerParameter.Name}' of a {Name(trigger)} must be a {expected.Name}, not a {triggerParameter.ParameterType.Name}");

        return [.. method.GetParameters().Select(parameter => parameter == triggerParameter ? Trigger : Other(function, trigger, parameter))];
    }

    private static ValueTask<object?> Trigger(Invocation invocation) => new(invocation.TriggerValue);

    private static BindParameter Other(string function, TriggerBindingAttribute trigger, ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (type == typeof(FunctionContext))
            return static invocation => new(invocation);
        if (type == typeof(CancellationToken))
            return static invocation => new(invocation.CancellationToken);
        if (parameter.GetCustomAttribute<DurableClientAttribute>() is { } client)
            return DurableClient(function, parameter, client);
        if (trigger is OrchestrationTriggerAttribute)
            return OrchestrationInput(type);
        if (trigger is HttpTriggerAttribute http)
            return FromRequest(function, http, parameter);

        throw FunctionCatalog.Refuse(function, $"parameter '{parameter.Name}' of type {type.Name} has no binding. Services come through the constructor");
    }

    private static BindParameter DurableClient(string function, ParameterInfo parameter, DurableClientAttribute attribute)
    {
        if (parameter.ParameterType != typeof(DurableTaskClient))
            throw FunctionCatalog.Refuse(function, $"parameter '{parameter.Name}' of a [DurableClient] must be a DurableTaskClient");
        if (!string.IsNullOrEmpty(attribute.TaskHub))
            throw FunctionCatalog.Refuse(function, $"parameter '{parameter.Name}' names task hub '{attribute.TaskHub}'. The local runtime has one task hub, without a name");

        return static invocation => new(invocation.InstanceServices.GetRequiredService<DurableTaskClient>());
    }

    private static BindParameter OrchestrationInput(Type type)
    {
        var getInput = typeof(TaskOrchestrationContext).GetMethod(nameof(TaskOrchestrationContext.GetInput))!.MakeGenericMethod(type);
        return invocation => new(getInput.Invoke(invocation.TriggerValue, BindingFlags.DoNotWrapExceptions, null, null, null));
    }

    private static BindParameter FromRequest(string function, HttpTriggerAttribute trigger, ParameterInfo parameter)
    {
        if (parameter.GetCustomAttribute<FromBodyAttribute>() is not null)
            return invocation => JsonBody.ReadAsync(invocation, parameter.ParameterType);

        var name = parameter.Name!;
        var inRoute = Microsoft.AspNetCore.Routing.Patterns.RoutePatternFactory.Parse(trigger.Route ?? "").GetParameter(name) is not null;
        var converter = TypeDescriptor.GetConverter(Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType);
        if (!inRoute || !converter.CanConvertFrom(typeof(string)))
            throw FunctionCatalog.Refuse(function, $"parameter '{name}' of type {parameter.ParameterType.Name} is neither in the route '{trigger.Route}' nor marked [FromBody]. Services come through the constructor");

        return invocation =>
        {
            var text = (string?)((HttpRequest)invocation.TriggerValue!).RouteValues[name];
            return new(text is null ? null : converter.ConvertFromInvariantString(text));
        };
    }

    private static string Name(TriggerBindingAttribute trigger) => $"[{trigger.GetType().Name[..^"Attribute".Length]}]";
}
