using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Time;

namespace OmsWorkflows.Local.Sandbox.Controls;

/// <summary>Reads and advances the clock. All that falls due happens, in order, before the answer.</summary>
internal static class ClockControls
{
    public static void MapClock(this IEndpointRouteBuilder sim)
    {
        sim.MapGet("/clock", (SandboxClock clock, Agenda agenda) => Answer.Ok(View(clock, agenda)));
        sim.MapPost("/clock", async (HttpRequest request, SandboxClock clock, Agenda agenda) =>
        {
            var body = await JsonBody.ReadAsync(request);
            var (advance, to, next) = (body.Span("advance"), body.Time("to"), body.Bool("next") == true);
            if ((advance is not null ? 1 : 0) + (to is not null ? 1 : 0) + (next ? 1 : 0) != 1)
                body.Wrong("advance", "exactly one of advance, to and next is required");
            if (advance < TimeSpan.Zero || to < clock.Now)
                body.Wrong(advance is null ? "to" : "advance", "time does not go back");
            body.Check();
            var target = to ?? (next ? agenda.Next().Due ?? clock.Now : clock.Now + advance!.Value);
            await agenda.AdvanceToAsync(target, request.HttpContext.RequestAborted);
            return Answer.Ok(View(clock, agenda));
        });
    }

    private static ClockView View(SandboxClock clock, Agenda agenda) => new(clock.Now, clock.Offset.ToString("c"), agenda.Next().Due);

    private sealed record ClockView(DateTimeOffset Now, string Offset, DateTimeOffset? NextDue);
}
