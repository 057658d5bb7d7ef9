using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace OmsWorkflows.Oms;

/// <summary>
/// A few attempts within seconds, each with its time limit, and none at all while OMS is down (docs/oms-api.md 3.3, 3.4). Longer waits are
/// the journeys': they have durable timers. What is worth another attempt is decided where every outcome is (<see cref="OmsOutcome"/>).
/// </summary>
internal static class OmsResilience
{
    public static IHttpClientBuilder AddOmsResilience(this IHttpClientBuilder client)
    {
        client.AddResilienceHandler("oms", (pipeline, context) =>
        {
            var options = context.ServiceProvider.GetRequiredService<IOptionsMonitor<OmsOptions>>().CurrentValue;
            var clock = context.ServiceProvider.GetRequiredService<TimeProvider>();
            pipeline.TimeProvider = clock;
            pipeline.AddRetry(Retry(options, clock)).AddCircuitBreaker(Breaker(options)).AddTimeout(options.AttemptTimeout);
        });
        return client;
    }

    private static RetryStrategyOptions<HttpResponseMessage> Retry(OmsOptions options, TimeProvider clock) => new()
    {
        MaxRetryAttempts = options.RetryAttempts,
        Delay = options.RetryDelay,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        MaxDelay = options.MaxRetryAfter,
        ShouldHandle = async arguments => await IsWorthAnotherAsync(arguments.Context, arguments.Outcome, options, clock),
        DelayGenerator = arguments
            => ValueTask.FromResult(arguments.Outcome.Result is { } response ? RetryAfter.Of(response, clock) : null),
    };

    /// <summary>Opens only when OMS is down, not when it has trouble with some calls or asks to slow down.</summary>
    private static HttpCircuitBreakerStrategyOptions Breaker(OmsOptions options) => new()
    {
        FailureRatio = 0.5,
        MinimumThroughput = 100,
        BreakDuration = options.BreakDuration,
        SamplingDuration = TimeSpan.FromTicks(Math.Max(TimeSpan.FromSeconds(30).Ticks, 2 * options.AttemptTimeout.Ticks)),
        ShouldHandle = arguments => ValueTask.FromResult(
            arguments.Outcome.Exception is HttpRequestException or TimeoutRejectedException
            || arguments.Outcome.Result?.StatusCode >= HttpStatusCode.InternalServerError),
    };

    private static async Task<bool> IsWorthAnotherAsync(
        ResilienceContext context, Outcome<HttpResponseMessage> outcome, OmsOptions options, TimeProvider clock)
    {
        if (context.GetRequestMessage() is not { } request || !OmsRequest.IsRepeatable(request)
            || context.CancellationToken.IsCancellationRequested)
        {
            return false;
        }

        var failure = outcome switch
        {
            { Exception: { } exception } => OmsOutcome.Of(request, exception),
            { Result: { } response } => await OmsOutcome.OfAsync(request, response, clock, context.CancellationToken),
            _ => null,
        };
        return failure is OmsNoAnswerException { Silence: var silence }
            && silence.Cause is not (OmsCause.CircuitOpen or OmsCause.CredentialsRefused or OmsCause.Unreadable)
            && (silence.RetryAfter ?? TimeSpan.Zero) <= options.MaxRetryAfter;
    }
}
