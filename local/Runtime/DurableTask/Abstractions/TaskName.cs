namespace Microsoft.DurableTask;

/// <summary>Name of an orchestrator or activity. Names are compared without regard to case.</summary>
public readonly struct TaskName : IEquatable<TaskName>
{
    /// <summary>Creates a name; a <see langword="null"/> gives the default value, which no task can be registered under.</summary>
    /// <param name="name">The name.</param>
    public TaskName(string name)
    {
        Name = name;
    }

    /// <summary>The name as it was written.</summary>
    public string Name { get; }

    /// <summary>Reads the name as text.</summary>
    /// <param name="value">The name.</param>
    public static implicit operator string(TaskName value) => value.Name;

    /// <summary>Takes text as a name; <see langword="null"/> and the empty string give the default value.</summary>
    /// <param name="value">The text.</param>
    public static implicit operator TaskName(string value) => string.IsNullOrEmpty(value) ? default : new(value);

    /// <summary>Whether both name the same task.</summary>
    /// <param name="a">The one.</param>
    /// <param name="b">The other.</param>
    public static bool operator ==(TaskName a, TaskName b) => a.Equals(b);

    /// <summary>Whether they name different tasks.</summary>
    /// <param name="a">The one.</param>
    /// <param name="b">The other.</param>
    public static bool operator !=(TaskName a, TaskName b) => !a.Equals(b);

    /// <inheritdoc/>
    public bool Equals(TaskName other) => string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TaskName other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
