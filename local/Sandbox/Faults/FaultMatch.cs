using System.Text.Json.Nodes;

namespace OmsWorkflows.Local.Sandbox.Faults;

/// <summary>
/// Which calls, events or resources a fault concerns. What is not set matches everything; <c>*</c> stands for any characters.
/// </summary>
internal sealed record FaultMatch
{
    public static FaultMatch Everything { get; } = new();

    /// <summary>What can be matched, by name.</summary>
    public static IReadOnlyList<string> Members { get; } = ["method", "path", "event", "customerId", "resourceId", "endpointId", "where"];

    public string? Method { get; init; }

    /// <summary>Path without the version, such as <c>/cash-ins/*/refresh</c>.</summary>
    public string? Path { get; init; }

    public string? Event { get; init; }

    public string? CustomerId { get; init; }

    public string? ResourceId { get; init; }

    public string? EndpointId { get; init; }

    /// <summary>Texts of members of what would be told, by their path: the answer, or the body of the webhook.</summary>
    public IReadOnlyDictionary<string, string> Where { get; init; } = new Dictionary<string, string>();

    public bool Covers(FaultSubject subject)
        => Covers(Method, subject.Method) && Covers(Path, subject.Path) && Covers(Event, subject.Event)
        && Covers(CustomerId, subject.CustomerId) && Covers(ResourceId, subject.ResourceId) && Covers(EndpointId, subject.EndpointId)
        && Where.All(member => JsonPath.Texts(subject.Body, member.Key).Any(text => Wildcard.Matches(member.Value, text)));

    private static bool Covers(string? pattern, string? text) => pattern is null || (text is not null && Wildcard.Matches(pattern, text));
}

/// <summary>What is about to happen, as faults see it.</summary>
internal sealed record FaultSubject
{
    public string? Method { get; init; }

    public string? Path { get; init; }

    public string? Event { get; init; }

    public string? CustomerId { get; init; }

    public string? ResourceId { get; init; }

    public string? EndpointId { get; init; }

    /// <summary>What would be told; null as long as that is open, and when it is no JSON.</summary>
    public JsonNode? Body { get; init; }
}

/// <summary>Matching with <c>*</c>.</summary>
internal static class Wildcard
{
    public static bool Matches(string pattern, string text)
        => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(
            pattern.Replace(@"\", @"\\", StringComparison.Ordinal), text, ignoreCase: true);
}
