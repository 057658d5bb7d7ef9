namespace Microsoft.DurableTask;

/// <summary>Version of an orchestration or activity: any text, compared without regard to case. Empty means unversioned.</summary>
public readonly struct TaskVersion : IEquatable<TaskVersion>
{
    /// <summary>No version at all.</summary>
    public static readonly TaskVersion Unversioned;

    private readonly string? _value;

    /// <summary>Creates a version.</summary>
    /// <param name="version">The text; <see langword="null"/> or empty for unversioned.</param>
    /// <exception cref="ArgumentException">The text is white space only.</exception>
    public TaskVersion(string? version)
    {
        if (!string.IsNullOrEmpty(version) && string.IsNullOrWhiteSpace(version))
        {
            throw new ArgumentException("A version cannot consist of white space. Leave it out, or use TaskVersion.Unversioned.", nameof(version));
        }

        _value = version;
    }

    /// <summary>The text; empty when unversioned.</summary>
    public string Version => _value ?? string.Empty;

    /// <summary>Reads the version as text.</summary>
    /// <param name="value">The version.</param>
    public static implicit operator string(TaskVersion value) => value.Version;

    /// <summary>Takes text as a version.</summary>
    /// <param name="value">The text.</param>
    public static implicit operator TaskVersion(string? value) => new(value);

    /// <summary>Whether both are the same version.</summary>
    /// <param name="a">The one.</param>
    /// <param name="b">The other.</param>
    public static bool operator ==(TaskVersion a, TaskVersion b) => a.Equals(b);

    /// <summary>Whether they are different versions.</summary>
    /// <param name="a">The one.</param>
    /// <param name="b">The other.</param>
    public static bool operator !=(TaskVersion a, TaskVersion b) => !a.Equals(b);

    /// <inheritdoc/>
    public bool Equals(TaskVersion other) => string.Equals(Version, other.Version, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TaskVersion other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Version);
}
