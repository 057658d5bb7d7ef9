using System.Text.Json;
using OmsWorkflows.Local.Sandbox.Faults;
using OmsWorkflows.Local.Sandbox.Http;

namespace OmsWorkflows.Local.Sandbox.Controls;

/// <summary>Enters, lists and removes faults; a whole script of them in one call.</summary>
internal static class FaultControls
{
    private static readonly FaultKind[] NeedDelay = [FaultKind.Delay, FaultKind.SlowAnswer, FaultKind.SlowConversion];

    public static void MapFaults(this IEndpointRouteBuilder sim)
    {
        sim.MapPost("/faults", async (HttpRequest request, FaultBook faults) =>
        {
            var script = await ScriptAsync(request);
            var made = (script.Objects("faults") ?? []).Select(Read).ToList();
            if (!script.Has("faults"))
                script.Wrong("faults", "is required");
            script.Check();
            return Answer.Ok(new { Faults = made.Select(make => faults.Add(make)).ToList() });
        });
        sim.MapGet("/faults", (FaultBook faults) => Answer.Ok(new { Data = faults.List() }));
        sim.MapDelete("/faults", (FaultBook faults) =>
        {
            faults.Clear();
            return Results.NoContent();
        });
        sim.MapDelete("/faults/{id}", (string id, FaultBook faults) => faults.Remove(id) ? Results.NoContent() : throw ApiException.NotFound());
    }

    /// <summary>A list, one fault, or an object with a list called <c>faults</c>.</summary>
    private static async Task<JsonBody> ScriptAsync(HttpRequest request)
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, request.HttpContext.RequestAborted);
        var text = System.Text.Encoding.UTF8.GetString(buffer.ToArray()).Trim();
        var script = text switch
        {
            ['[', ..] => $"{{\"faults\":{text}}}",
            _ when !text.Contains("\"faults\"", StringComparison.Ordinal) => $"{{\"faults\":[{text}]}}",
            _ => text,
        };
        request.Body = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(script));
        request.ContentLength = null;
        return await JsonBody.ReadAsync(request);
    }

    private static Func<string, FaultRule> Read(JsonBody body)
    {
        var name = body.RequiredText("fault");
        if (!Enum.TryParse<FaultKind>(name, ignoreCase: true, out var kind) && name.Length > 0)
            body.Wrong("fault", $"must be one of {string.Join(", ", Enum.GetNames<FaultKind>().Select(JsonNamingPolicy.CamelCase.ConvertName))}");
        var match = ReadMatch(body.Object("match"));
        var probability = body.Number("probability") ?? 1;
        if (probability is < 0 or > 1)
            body.Wrong("probability", "must be from 0 to 1");
        // A sure fault strikes once unless told otherwise; one that is left to chance goes on.
        var times = body.Int("times") ?? (probability < 1 ? null : 1);
        if (times < 0)
            body.Wrong("times", "must not be negative");
        var (delay, retryAfter) = (body.Span("delay"), body.Span("retryAfter"));
        if (delay is null && NeedDelay.Contains(kind))
            body.Wrong("delay", "is required");
        var status = body.Int("status");
        if (kind == FaultKind.Status && status is not (>= 400 and <= 599))
            body.Wrong("status", "must be from 400 to 599");
        var (seed, code, after, copies) = (body.Int("seed") ?? 0, body.Text("code"), body.Bool("after") ?? false, body.Int("copies") ?? 1);
        var (behind, recoverable) = (body.Text("behind"), body.Bool("recoverable") ?? false);
        return id => new FaultRule(id, kind, match)
        {
            Times = times,
            Probability = probability,
            Seed = seed,
            Status = status,
            Code = code,
            RetryAfter = retryAfter,
            After = after,
            Delay = delay,
            Copies = copies,
            Behind = behind,
            Recoverable = recoverable,
        };
    }

    private static FaultMatch ReadMatch(JsonBody? match) => match is null ? FaultMatch.Everything : new FaultMatch
    {
        Method = match.Text("method"),
        Path = match.Text("path"),
        Event = match.Text("event"),
        CustomerId = match.Text("customerId"),
        ResourceId = match.Text("resourceId"),
        EndpointId = match.Text("endpointId"),
    };
}
