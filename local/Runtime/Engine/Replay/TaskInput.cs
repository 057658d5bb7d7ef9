namespace OmsWorkflows.Local.Runtime.Engine.Replay;

/// <summary>Hands an untyped input to a typed task.</summary>
internal static class TaskInput
{
    /// <summary>The input as <typeparamref name="T"/>; a missing input is the default value, also of a value type.</summary>
    public static T Cast<T>(object? input) => input switch
    {
        T typed => typed,
        null => default!,
        _ => throw new ArgumentException($"Input type '{input.GetType()}' does not match expected type '{typeof(T)}'."),
    };
}
