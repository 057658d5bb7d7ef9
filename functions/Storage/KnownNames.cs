using System.Text.Json;
using System.Text.Json.Serialization;

namespace OmsWorkflows.Storage;

/// <summary>
/// Reads names of enumerations that another version of the app may have written: a name this version does not know is its
/// <c>Unknown</c>, never an exception (docs/decisions/0011-many-instances.md).
/// </summary>
internal static class KnownNames
{
    /// <summary>The member of a name; <c>Unknown</c> for any other text.</summary>
    public static T Of<T>(string? name)
        where T : struct, Enum
        => name is [var first, ..] && char.IsAsciiLetter(first) && Enum.TryParse<T>(name, ignoreCase: true, out var known)
            ? known
            : Unknown<T>.Member;

    private static class Unknown<T>
        where T : struct, Enum
    {
        public static readonly T Member = Enum.Parse<T>("Unknown");
    }
}

/// <summary>Writes members by name and reads them by <see cref="KnownNames"/>; the enumeration has a member <c>Unknown</c>.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
internal sealed class KnownNamesConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => KnownNames.Of<T>(reader.TokenType == JsonTokenType.String ? reader.GetString() : null);

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
