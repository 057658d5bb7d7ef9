namespace Microsoft.Azure.Functions.Worker;

/// <summary>The W3C trace context an invocation belongs to.</summary>
public abstract class TraceContext
{
    /// <summary>Gets the <c>traceparent</c>; empty if the invocation belongs to no trace.</summary>
    public abstract string TraceParent { get; }

    /// <summary>Gets the <c>tracestate</c>; empty if there is none.</summary>
    public abstract string TraceState { get; }
}
