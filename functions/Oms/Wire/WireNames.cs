using System.Collections.Frozen;
using System.Text;

namespace OmsWorkflows.Oms;

/// <summary>
/// The names of an enum's values on the wire. Letter case and underscores do not matter when reading (<c>cashPickupReady</c>,
/// <c>REVOKED_ISSUES</c>); what is not known is <c>Unknown</c>, since OMS's value sets grow (docs/oms-api.md 1).
/// </summary>
internal static class WireNames<T> where T : struct, Enum
{
    private static readonly FrozenDictionary<string, T> Values =
        Enum.GetValues<T>().ToFrozenDictionary(v => v.ToString(), StringComparer.OrdinalIgnoreCase);

    public static T Parse(string? text)
        => text is not null && Values.TryGetValue(text.Replace("_", "", StringComparison.Ordinal), out var value) ? value : default;

    /// <summary>The camelCase name of a value, for objects that are made here and not read.</summary>
    public static string Of(T value)
    {
        var name = new StringBuilder(value.ToString());
        name[0] = char.ToLowerInvariant(name[0]);
        return name.ToString();
    }
}
