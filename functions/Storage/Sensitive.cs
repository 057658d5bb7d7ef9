using System.Text.Json;
using System.Text.Json.Serialization;

namespace OmsWorkflows.Storage;

/// <summary>
/// A value that must not leave the process by accident: it prints as <c>***</c> and refuses to be serialised
/// (docs/decisions/0005-personal-data.md).
/// </summary>
/// <typeparam name="T">What is kept.</typeparam>
/// <param name="value">The value.</param>
[JsonConverter(typeof(SensitiveConverterFactory))]
public sealed class Sensitive<T>(T value)
{
    /// <summary>Hands the value out. Each caller is a place where personal data goes.</summary>
    public T Reveal() => value;

    /// <inheritdoc/>
    public override string ToString() => "***";
}

/// <summary>Refuses to read or write <see cref="Sensitive{T}"/>.</summary>
internal sealed class SensitiveConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert)
        => typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Sensitive<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options)
        => (JsonConverter)Activator.CreateInstance(typeof(Refusing<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class Refusing<T> : JsonConverter<Sensitive<T>>
    {
        private const string Why = "A sensitive value is not serialised. Pass a reference to its intake row instead.";

        public override Sensitive<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => throw new NotSupportedException(Why);

        public override void Write(Utf8JsonWriter writer, Sensitive<T> value, JsonSerializerOptions options)
            => throw new NotSupportedException(Why);
    }
}
