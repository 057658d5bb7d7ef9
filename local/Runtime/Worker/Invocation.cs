using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;

namespace OmsWorkflows.Local.Runtime.Worker;

/// <summary>One run of a function: what its trigger brought, its scope, and its result.</summary>
internal sealed class Invocation(FunctionDescriptor function, object? triggerValue, IServiceProvider services, CancellationToken cancellation) : FunctionContext
{
    public override string InvocationId { get; } = Guid.NewGuid().ToString();

    public override string FunctionId => function.Id;

    public override TraceContext TraceContext { get; } = new CurrentTrace();

    public override IServiceProvider InstanceServices { get; set; } = services;

    public override FunctionDefinition FunctionDefinition => function;

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override CancellationToken CancellationToken => cancellation;

    public FunctionDescriptor Function => function;

    /// <summary>The request, the orchestration's context, the activity's input or the timer's state.</summary>
    public object? TriggerValue => triggerValue;

    public object? Result { get; set; }

    private sealed class CurrentTrace : TraceContext
    {
        public override string TraceParent { get; } = Activity.Current?.Id ?? "";

        public override string TraceState { get; } = Activity.Current?.TraceStateString ?? "";
    }
}
