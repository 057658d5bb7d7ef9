using System.Diagnostics.CodeAnalysis;

namespace Microsoft.DurableTask;

/// <summary>Turns inputs, results, events and custom status into text and back. The text is kept, so a change must read what exists.</summary>
public abstract class DataConverter
{
    /// <summary>Writes a value; <see langword="null"/> stays <see langword="null"/>.</summary>
    /// <param name="value">The value.</param>
    [return: NotNullIfNotNull(nameof(value))]
    public abstract string? Serialize(object? value);

    /// <summary>Reads a value; <see langword="null"/> stays <see langword="null"/>.</summary>
    /// <param name="data">The text.</param>
    /// <param name="targetType">Type to read it as.</param>
    [return: NotNullIfNotNull(nameof(data))]
    public abstract object? Deserialize(string? data, Type targetType);

    /// <summary>Reads a value.</summary>
    /// <typeparam name="T">Type to read it as.</typeparam>
    /// <param name="data">The text.</param>
    [return: NotNullIfNotNull(nameof(data))]
    public virtual T? Deserialize<T>(string? data) => Deserialize(data, typeof(T)) is { } value ? (T)value : default;
}
