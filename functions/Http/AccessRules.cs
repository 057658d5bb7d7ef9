namespace OmsWorkflows.Http;

/// <summary>Who may call each function that is called over HTTP, by the function's name. What is not in it nobody may call.</summary>
public sealed class AccessRules(IReadOnlyDictionary<string, Callers> callers)
{
    /// <summary>Who may call a function; null when it has no rule.</summary>
    public Callers? Of(string function) => callers.TryGetValue(function, out var allowed) ? allowed : null;
}
