using OmsWorkflows.Local.Sandbox.Auth;
using OmsWorkflows.Local.Sandbox.Customers;
using OmsWorkflows.Local.Sandbox.Faults;
using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Idempotency;
using OmsWorkflows.Local.Sandbox.Page;
using OmsWorkflows.Local.Sandbox.Time;

namespace OmsWorkflows.Local.Sandbox.Controls;

/// <summary>
/// What a test or a curious user can do to the sandbox, under <c>/_sim</c> so that it cannot be mistaken for the API. Without credentials:
/// bind the sandbox to this machine only. Pages of other sites that are open in a browser here are kept out.
/// </summary>
internal static class ControlEndpoints
{
    public static void MapControls(this WebApplication app)
    {
        var sim = app.MapGroup("/_sim");
        sim.AddEndpointFilter((call, next)
            => IsFromElsewhere(call.HttpContext.Request) ? throw ApiException.ForStatus(403, null, null) : next(call));
        sim.MapClock();
        sim.MapPeople();
        sim.MapCash();
        sim.MapBank();
        sim.MapFaults();
        sim.MapDeliveries();
        sim.MapOverview();
        sim.MapPost("/tokens/expire", (Tokens tokens) =>
        {
            tokens.ExpireAll();
            return Results.NoContent();
        });
        sim.MapPost("/keys", async (HttpRequest request, Tokens tokens) =>
        {
            var body = await JsonBody.ReadAsync(request);
            if (body.Bool("revoked") is not { } revoked)
                throw ApiException.Validation("revoked", "is required");
            tokens.SetRevoked(revoked);
            return Answer.Ok(new { Revoked = revoked });
        });
        sim.MapPost("/reset", ResetAsync);
        app.MapPage();
    }

    private static async Task<IResult> ResetAsync(
        HttpRequest request, World world, Agenda agenda, IdempotencyStore keys, FaultBook faults, Decisions decisions, IdSource ids)
    {
        var body = await JsonBody.ReadOptionalAsync(request);
        var seed = body.Int("seed");
        body.Check();
        agenda.Clear();
        world.Clear();
        keys.Clear();
        faults.Clear();
        lock (world.Gate)
            decisions.Clear();
        // Ids go on, so that a store which outlives the reset never sees one twice; a seed asks for the same ones again.
        if (seed is { } given)
            ids.Restart(given);
        return Answer.Ok(new { ids.Seed });
    }

    private static bool IsFromElsewhere(HttpRequest request)
        => request.Headers.Origin is [{ Length: > 0 } origin, ..] && origin != $"{request.Scheme}://{request.Host}";
}
