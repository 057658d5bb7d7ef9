namespace Microsoft.Azure.Functions.Worker;

/// <summary>One invocation of a function.</summary>
public abstract class FunctionContext
{
    /// <summary>Gets the id of this invocation.</summary>
    public abstract string InvocationId { get; }

    /// <summary>Gets the id of the function.</summary>
    public abstract string FunctionId { get; }

    /// <summary>Gets the trace this invocation belongs to.</summary>
    public abstract TraceContext TraceContext { get; }

    /// <summary>Gets or sets the services of this invocation's scope.</summary>
    public abstract IServiceProvider InstanceServices { get; set; }

    /// <summary>Gets the function that is invoked.</summary>
    public abstract FunctionDefinition FunctionDefinition { get; }

    /// <summary>Gets or sets values shared by the middleware of this invocation.</summary>
    public abstract IDictionary<object, object> Items { get; set; }

    /// <summary>Gets the token that is cancelled when the caller goes away or the app stops.</summary>
    public virtual CancellationToken CancellationToken { get; } = CancellationToken.None;
}
