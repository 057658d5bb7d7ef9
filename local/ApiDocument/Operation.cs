using System.Text.Json.Nodes;
using FluentValidation;

namespace OmsWorkflows.Local.ApiDocument;

/// <summary>What a function's signature does not show: what it reads and what it answers.</summary>
internal sealed record Operation(string Tag, Answer Answer)
{
    /// <summary>The body it reads.</summary>
    public Body? Body { get; init; }

    /// <summary>The query parameters it reads.</summary>
    public IReadOnlyList<Parameter> Query { get; init; } = [];

    /// <summary>Whether it may answer 202 with a decision that waits for a second person.</summary>
    public bool Pending { get; init; }

    /// <summary>Whether it takes an <c>Idempotency-Key</c>, and whether it insists.</summary>
    public bool? NeedsIdempotencyKey { get; init; }

    /// <summary>The problems it may answer with besides 401 and 503, by status.</summary>
    public IReadOnlyList<int> Problems { get; init; } = [];
}

internal sealed record Body(Type Type, IValidator Validator, JsonNode Example, string? Name = null);

internal sealed record Parameter(string Name, string Description, Type Type, bool Required = false)
{
    public string? Pattern { get; init; }

    public int? Maximum { get; init; }
}

internal sealed record Answer(int Status, string Description, Func<Schemas, JsonObject>? Schema = null);
