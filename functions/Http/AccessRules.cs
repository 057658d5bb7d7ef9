namespace OmsWorkflows.Http;

/// <summary>Who may call each function that is called over HTTP, by the function's name. What is not in it nobody may call.</summary>
/// <param name="callers">Who may call it.</param>
/// <param name="alwaysServed">Those that answer however busy the app is.</param>
public sealed class AccessRules(IReadOnlyDictionary<string, Callers> callers, IReadOnlySet<string> alwaysServed)
{
    /// <summary>Whether a function answers however busy the app is.</summary>
    public bool IsAlwaysServed(string function) => alwaysServed.Contains(function);

    /// <summary>Who may call a function; null when it has no rule.</summary>
    public Callers? Of(string function) => callers.TryGetValue(function, out var allowed) ? allowed : null;
}
