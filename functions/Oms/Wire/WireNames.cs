using System.Collections.Frozen;

namespace OmsWorkflows.Oms;

/// <summary>
/// The names of an enum's values on the wire, as vocabulary (<see cref="Word"/>: <c>cashPickupReady</c>, <c>REVOKED_ISSUES</c>); what is
/// not known is <c>Unknown</c>, since OMS's value sets grow (docs/oms-api.md 1).
/// </summary>
internal static class WireNames<T>
    where T : struct, Enum
{
    private static readonly FrozenDictionary<string, T> Values =
        Enum.GetValues<T>().ToFrozenDictionary(value => Word.Fold(value.ToString()));

    public static T Parse(string? text) => text is not null && Values.TryGetValue(Word.Fold(text), out var value) ? value : default;

    /// <summary>The camelCase name of a value, for objects that are made here and not read.</summary>
    public static string Of(T value)
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
