using System.Text.Json.Nodes;

namespace OmsWorkflows.Local.AppHost.Demo;

/// <summary>Something that happened to the cash-in.</summary>
/// <param name="At">When it was seen.</param>
/// <param name="Kind">What, for machines; stable.</param>
/// <param name="Title">What, for people.</param>
/// <param name="Text">Details, for people.</param>
/// <param name="Data">Details, for machines.</param>
internal sealed record DemoEvent(DateTimeOffset At, string Kind, string Title, string Text, JsonObject Data)
{
    /// <summary>Until when what happened holds; shown as a countdown.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Whether it is bad news.</summary>
    public bool IsFailure { get; init; }
}
