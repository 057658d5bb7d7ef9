using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace OmsWorkflows.Local.Runtime.Worker;

/// <summary>One function: its method, its trigger, and how each parameter is filled.</summary>
internal sealed class FunctionDescriptor(string name, MethodInfo method, TriggerBindingAttribute trigger, ParameterInfo triggerParameter) : FunctionDefinition
{
    public override string Name => name;

    public override string Id => name;

    public override string EntryPoint => $"{method.DeclaringType!.FullName}.{method.Name}";

    public override string PathToAssembly => method.DeclaringType!.Assembly.Location;

    public override ImmutableArray<FunctionParameter> Parameters { get; } =
        [.. method.GetParameters().Select(parameter => new FunctionParameter(parameter.Name!, parameter.ParameterType))];

    public MethodInfo Method => method;

    public TriggerBindingAttribute Trigger => trigger;

    public ParameterInfo TriggerParameter => triggerParameter;

    /// <summary>How each parameter is filled, in order; set once by <see cref="ParameterBinder"/> when the app starts.</summary>
    public required ImmutableArray<BindParameter> Binders { get; init; }

    /// <summary>Reads the value of the task the method returned.</summary>
    public required Func<Task, object?> ReadResult { get; init; }
}

/// <summary>Gets the value of one parameter.</summary>
internal delegate ValueTask<object?> BindParameter(Invocation invocation);
