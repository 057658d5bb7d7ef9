namespace OmsWorkflows.Local.FunctionsHost.Keys;

/// <summary>
/// Requests that show a wrong key. They are counted, told of once per burst, and the more of them come, the longer each waits for its
/// answer. A request without any key is not a guess, and is answered at once.
/// </summary>
internal sealed class WrongKeys(TimeProvider clock, ILogger logger)
{
    /// <summary>A burst is over when none came for so long.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    /// <summary>As many as somebody mistypes.</summary>
    private const int WithoutWaiting = 10;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private long _total;
    private int _inBurst;
    private long _last;

    /// <summary>Answers 401, after a while if there are many.</summary>
    public async Task RefuseAsync(HttpContext context)
    {
        if (HostKeys.Shown(context.Request).Length > 0)
            await Task.WhenAny(Task.Delay(Count(context), clock, context.RequestAborted));

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
    }

    private TimeSpan Count(HttpContext context)
    {
        int inBurst;
        lock (_gate)
        {
            _total++;
            _inBurst = clock.GetElapsedTime(_last) > Quiet ? 1 : _inBurst + 1;
            _last = clock.GetTimestamp();
            inBurst = _inBurst;
        }

        if (inBurst == 1)
            logger.WrongKey(context.Request.Method, context.Request.Path, context.Connection.RemoteIpAddress, _total, Quiet);

        var wait = Step * Math.Max(0, inBurst - WithoutWaiting);
        return wait < LongestWait ? wait : LongestWait;
    }
}
