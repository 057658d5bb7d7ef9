using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Journeys;

/// <summary>
/// What an activity got from OMS: what was asked for, a refusal, or no answer. All three are results: a refusal would come again, and for
/// an answer the journey asks again itself, so that its clock goes on (docs/decisions/0009-the-clock-never-stops.md).
/// </summary>
/// <param name="Value">What was asked for.</param>
/// <param name="Refusal">OMS's no.</param>
/// <param name="Silence">Why there is no answer.</param>
public sealed record OmsAnswer<T>(T? Value, Refusal? Refusal = null, OmsSilence? Silence = null)
    where T : class
{
    /// <summary>Whether there is a value.</summary>
    [JsonIgnore]
    [MemberNotNullWhen(true, nameof(Value))]
    public bool HasValue => Value is not null;

    /// <summary>Whether OMS refused.</summary>
    [JsonIgnore]
    [MemberNotNullWhen(true, nameof(Refusal))]
    public bool IsRefused => Refusal is not null;

    /// <summary>The answer that holds a value.</summary>
    public static implicit operator OmsAnswer<T>(T value) => new(value);

    /// <summary>The answer that holds a refusal.</summary>
    public static implicit operator OmsAnswer<T>(Refusal refusal) => new(null, refusal);
}

/// <summary>Asks OMS.</summary>
public static class OmsAnswer
{
    /// <summary>
    /// Runs calls of OMS; the first one without a value makes the answer, and so does a journey without an intake. Anything else that goes
    /// wrong is a fault of this app, and thrown.
    /// </summary>
    public static async Task<OmsAnswer<T>> AskAsync<T>(Func<Task<OmsAnswer<T>>> ask)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(ask);
        try
        {
            return await ask();
        }
        catch (IntakeMissingException)
        {
            return Refusal.NoIntake;
        }
        catch (OmsRefusedException e)
        {
            return Refusal.Of(e);
        }
        catch (OmsNoAnswerException e)
        {
            return new(null, null, e.Silence);
        }
    }
}
