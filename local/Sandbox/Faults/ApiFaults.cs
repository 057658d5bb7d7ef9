using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Time;

namespace OmsWorkflows.Local.Sandbox.Faults;

/// <summary>Answers calls with a status, late, or not at all.</summary>
internal sealed class ApiFaults(RequestDelegate next, FaultBook faults, SandboxClock clock)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var subject = new FaultSubject { Method = context.Request.Method, Path = ApiPath.WithoutVersion(context.Request.Path) };
        if (faults.Take(FaultKind.CutBefore, subject) is not null)
        {
            context.Abort();
            return;
        }
        if (faults.Take(FaultKind.SlowAnswer, subject) is { Delay: { } delay })
            await Task.Delay(delay, clock.Base, context.RequestAborted);
        var status = faults.Take(FaultKind.Status, subject);
        if (status is { After: false })
            throw Refusal(status);
        var cut = faults.Take(FaultKind.CutAfter, subject);
        if (status is null && cut is null)
        {
            await next(context);
            return;
        }

        // The effect is stored, the answer is not sent. Headers of the lost answer must not show on the one that replaces it.
        var answer = context.Response.Body;
        context.Response.Body = new MemoryStream();
        try
        {
            await next(context);
        }
        catch (ApiException) when (cut is not null)
        {
            // A refusal is lost with the connection, like any other answer.
        }
        finally
        {
            context.Response.Body = answer;
        }
        if (cut is not null)
        {
            context.Abort();
            return;
        }
        context.Response.ContentLength = null;
        throw Refusal(status!);
    }

    private static ApiException Refusal(FaultRule fault) => ApiException.ForStatus(fault.Status ?? 503, fault.Code, fault.RetryAfter);
}
