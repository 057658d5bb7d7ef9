using System.Text;
using OmsWorkflows.Local.Sandbox.Faults;
using OmsWorkflows.Local.Sandbox.Http;

namespace OmsWorkflows.Local.Sandbox.Controls;

/// <summary>Enters, lists and removes faults; a whole script of them in one call.</summary>
internal static class FaultControls
{
    public static void MapFaults(this IEndpointRouteBuilder sim)
    {
        sim.MapPost("/faults", async (HttpRequest request, FaultBook faults) =>
        {
            var script = await ScriptAsync(request);
            var rules = (script.Objects("faults") ?? []).Select(FaultReading.Read).ToList();
            if (!script.Has("faults"))
                script.Wrong("faults", "is required");
            script.Check();
            return Answer.Ok(new { Faults = rules.Select(faults.Add).ToList() });
        });
        sim.MapGet("/faults", (FaultBook faults) => Answer.Ok(new { Data = faults.List() }));
        sim.MapDelete("/faults", (FaultBook faults) =>
        {
            faults.Clear();
            return Results.NoContent();
        });
        sim.MapDelete(
            "/faults/{id}", (string id, FaultBook faults) => faults.Remove(id) ? Results.NoContent() : throw ApiException.NotFound());
    }

    /// <summary>A list, one fault, or an object with a list called <c>faults</c>.</summary>
    private static async Task<JsonBody> ScriptAsync(HttpRequest request)
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, request.HttpContext.RequestAborted);
        var text = Encoding.UTF8.GetString(buffer.ToArray()).Trim();
        var script = text switch
        {
            ['[', ..] => $"{{\"faults\":{text}}}",
            _ when !text.Contains("\"faults\"", StringComparison.Ordinal) => $"{{\"faults\":[{text}]}}",
            _ => text,
        };
        request.Body = new MemoryStream(Encoding.UTF8.GetBytes(script));
        request.ContentLength = null;
        return await JsonBody.ReadAsync(request);
    }
}
