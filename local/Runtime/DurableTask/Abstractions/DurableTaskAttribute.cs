namespace Microsoft.DurableTask;

/// <summary>Gives an orchestrator or activity class a name other than its own, and a version.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = false)]
public sealed class DurableTaskAttribute : Attribute
{
    /// <summary>Creates the attribute.</summary>
    /// <param name="name">The name; the class's own when left out.</param>
    public DurableTaskAttribute(string? name = null)
    {
        Name = string.IsNullOrEmpty(name) ? default : new TaskName(name);
    }

    /// <summary>The name; the default value when the class's own is used.</summary>
    public TaskName Name { get; }

    /// <summary>The version; unversioned when left out.</summary>
    public string? Version { get; set; }
}
