using System.Threading.RateLimiting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OmsWorkflows.Http;

/// <summary>
/// Serves so many requests at a time. One more is told at once to come again, before anything of it was read: where it would wait for its
/// turn it would time out, and be sent again by a caller that knows nothing of the first.
/// </summary>
internal sealed class BackPressure : IFunctionsWorkerMiddleware, IDisposable
{
    private static readonly TimeSpan SayAgain = TimeSpan.FromMinutes(1);

    private readonly AccessRules _rules;
    private readonly int _maxRequests;
    private readonly ConcurrencyLimiter _limiter;
    private readonly TimeProvider _clock;
    private readonly ILogger<BackPressure> _logger;
    private readonly Lock _gate = new();
    private long _refused;
    private long? _said;

    public BackPressure(
        AccessRules rules, IOptions<BackPressureOptions> options, TimeProvider clock, ILogger<BackPressure> logger)
    {
        (_rules, _clock, _logger) = (rules, clock, logger);
        _maxRequests = options.Value.MaxRequests;
        _limiter = new(new() { PermitLimit = _maxRequests, QueueLimit = 0 });
    }

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http || _rules.IsAlwaysServed(context.FunctionDefinition.Name))
        {
            await next(context);
            return;
        }

        using var turn = _limiter.AttemptAcquire();
        if (turn.IsAcquired)
        {
            await next(context);
            return;
        }

        Say();
        await Problems.TooBusy().ExecuteAsync(http);
    }

    public void Dispose() => _limiter.Dispose();

    /// <summary>The first of a burst is logged, and then how many there were, each minute.</summary>
    private void Say()
    {
        long refused;
        lock (_gate)
        {
            _refused++;
            if (_said is { } said && _clock.GetElapsedTime(said) < SayAgain)
                return;
            (refused, _refused, _said) = (_refused, 0, _clock.GetTimestamp());
        }

        _logger.TooBusy(refused, _maxRequests);
    }
}
