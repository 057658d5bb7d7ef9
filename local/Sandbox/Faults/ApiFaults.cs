using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Time;

namespace OmsWorkflows.Local.Sandbox.Faults;

/// <summary>
/// Lets calls go wrong. What strikes is put together: first whether anything is done at all, then what answer stands in the place of the
/// real one, then what is changed in it, then how it is sent.
/// </summary>
internal sealed class ApiFaults(RequestDelegate next, FaultBook faults, SandboxClock clock, IHostApplicationLifetime lifetime)
{
    // Stands for the answer of a call that was never carried out: its beginning must not say more than its headers.
    private static readonly byte[] NothingDone = [(byte)'{', .. Enumerable.Repeat((byte)' ', 898), (byte)'}'];

    public async Task InvokeAsync(HttpContext context)
    {
        var subject = new FaultSubject { Method = context.Request.Method, Path = ApiPath.WithoutVersion(context.Request.Path) };
        if (faults.Take(FaultKind.CutBefore, subject) is not null)
        {
            context.Abort();
            return;
        }
        if (faults.Take(FaultKind.SlowAnswer, subject) is { } slow)
            await WaitAsync(context, slow);
        if (faults.Take(rule => rule is { Fault: FaultKind.Stall, After: false }, subject) is { } early)
        {
            context.Response.ContentType = "application/json";
            await StallAsync(context, early, NothingDone);
            return;
        }
        var answer = faults.Take(rule => rule.Fault.Replaces() && !rule.After, subject) is { } instead
            ? await CallAnswer.InPlaceAsync(context, instead, clock.Base.GetUtcNow())
            : await CallAnswer.CarryOutAsync(context, next);
        await TellAsync(context, subject with { Body = answer.Json }, answer);
    }

    private async Task TellAsync(HttpContext context, FaultSubject subject, CallAnswer answer)
    {
        if (faults.Take(FaultKind.CutAfter, subject) is not null)
        {
            context.Abort();
            return;
        }
        if (faults.Take(rule => rule.Fault.Replaces() && rule.After, subject) is { } instead)
            answer = await CallAnswer.InPlaceAsync(context, instead, clock.Base.GetUtcNow());
        foreach (var edit in faults.TakeAll(rule => rule is { Fault: FaultKind.Edit, OfWebhooks: false }, subject))
            answer = answer.Edit(edit);
        foreach (var garble in faults.TakeAll(rule => rule is { Fault: FaultKind.Garble, OfWebhooks: false }, subject))
            answer = answer.Garble(garble);
        if (faults.Take(rule => rule is { Fault: FaultKind.Stall, After: true }, subject) is { } stall)
            await StallAsync(context, stall, answer.Body);
        else
            await answer.SendAsync();
    }

    /// <summary>Announces all of the body, sends a part, and then is silent.</summary>
    private async Task StallAsync(HttpContext context, FaultRule stall, byte[] body)
    {
        var response = context.Response;
        response.ContentLength = body.Length;
        await response.StartAsync(context.RequestAborted);
        var sent = 0;
        do
        {
            var piece = body.AsMemory(sent, Math.Min(stall.Bytes, body.Length - sent));
            await response.Body.WriteAsync(piece, context.RequestAborted);
            await response.Body.FlushAsync(context.RequestAborted);
            sent += piece.Length;
            await WaitAsync(context, stall);
        }
        while (stall.Drip && sent < body.Length);
        if (stall.Cut)
            context.Abort();
        else
            await response.Body.WriteAsync(body.AsMemory(sent), context.RequestAborted);
    }

    /// <summary>Waits for the time of a fault, or without one until it is taken back or the caller has had enough.</summary>
    private async Task WaitAsync(HttpContext context, FaultRule fault)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, lifetime.ApplicationStopping, fault.TakenBack);
        try
        {
            await Task.Delay(fault.Delay ?? Timeout.InfiniteTimeSpan, clock.Base, over.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The fault was taken back: the answer goes on.
        }
    }
}
