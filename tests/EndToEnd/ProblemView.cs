using System.Net.Http.Json;

namespace OmsWorkflows.EndToEnd;

/// <summary>A problem answer (RFC 9457).</summary>
internal sealed record ProblemView(string Title)
{
    public string? Detail { get; init; }

    /// <summary>What is wrong with each field of the request.</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; init; } = new Dictionary<string, string[]>();

    public static async Task<ProblemView> ReadAsync(HttpResponseMessage response)
        => await response.Content.ReadFromJsonAsync<ProblemView>()
            ?? throw new InvalidOperationException("The answer is empty, and no problem.");
}
