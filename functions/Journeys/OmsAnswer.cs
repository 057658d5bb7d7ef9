using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Journeys;

/// <summary>What OMS answered an activity: what was asked for, or a refusal. A refusal is a result, since trying again would change nothing.</summary>
/// <param name="Value">What was asked for; null when OMS refused.</param>
/// <param name="Refusal">Why not; null when there is a value.</param>
public sealed record OmsAnswer<T>(T? Value, Refusal? Refusal = null)
    where T : class
{
    /// <summary>Whether there is a value; else there is a refusal.</summary>
    [JsonIgnore]
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool HasValue => Value is not null;

    /// <summary>The answer that holds a value.</summary>
    public static implicit operator OmsAnswer<T>(T value) => new(value);

    /// <summary>The answer that holds a refusal.</summary>
    public static implicit operator OmsAnswer<T>(Refusal refusal) => new(null, refusal);
}

/// <summary>Asks OMS.</summary>
public static class OmsAnswer
{
    /// <summary>Runs calls of OMS; the first one it refuses makes the answer. Whatever else goes wrong is thrown, for the engine to try again.</summary>
    public static async Task<OmsAnswer<T>> AskAsync<T>(Func<Task<OmsAnswer<T>>> ask)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(ask);
        try
        {
            return await ask();
        }
        catch (OmsException e) when (Refusal.From(e) is { } refusal)
        {
            return refusal;
        }
    }
}
