using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Timeout;

namespace OmsWorkflows.Oms;

/// <summary>
/// The standard resilience pipeline with OMS's rules (docs/oms-api.md 3.3, 3.4): which answers are worth another attempt, and which
/// methods may be repeated at all.
/// </summary>
internal static class OmsResilience
{
    public static IHttpClientBuilder AddOmsResilience(this IHttpClientBuilder client)
    {
        client.AddStandardResilienceHandler().Configure((pipeline, services) =>
        {
            try
            {
                Configure(pipeline, services.GetRequiredService<IOptionsMonitor<OmsOptions>>().CurrentValue);
            }
            catch (OptionsValidationException)
            {
                // Stops the start by itself; thrown from here it would be reported once more for every pipeline.
            }
        });
        return client;
    }

    /// <summary>How long OMS asked to wait: delta seconds, or a date against the answer's own clock.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        if (response.Headers.RetryAfter is not { } header)
            return null;
        if (header.Delta is { } delta)
            return delta;
        if (header.Date is not { } date || response.Headers.Date is not { } now)
            return null;
        return date > now ? date - now : TimeSpan.Zero;
    }

    private static void Configure(HttpStandardResilienceOptions pipeline, OmsOptions options)
    {
        pipeline.TotalRequestTimeout.Timeout = options.TotalTimeout;
        pipeline.AttemptTimeout.Timeout = options.AttemptTimeout;
        // Open only when OMS is down, not when it has trouble with some calls or asks to slow down: journeys then wait for minutes.
        pipeline.CircuitBreaker.FailureRatio = 0.5;
        pipeline.CircuitBreaker.ShouldHandle = arguments => ValueTask.FromResult(
            arguments.Outcome.Exception is HttpRequestException or TimeoutRejectedException
                || arguments.Outcome.Result?.StatusCode >= HttpStatusCode.InternalServerError);
        pipeline.CircuitBreaker.BreakDuration = options.BreakDuration;
        pipeline.CircuitBreaker.SamplingDuration = TimeSpan.FromTicks(
            Math.Max(TimeSpan.FromSeconds(30).Ticks, 2 * options.AttemptTimeout.Ticks));
        pipeline.Retry.MaxRetryAttempts = options.RetryAttempts;
        pipeline.Retry.Delay = options.RetryDelay;
        pipeline.Retry.MaxDelay = TimeSpan.FromSeconds(30);
        pipeline.Retry.ShouldRetryAfterHeader = true;
        pipeline.Retry.ShouldHandle = arguments => ShouldRetryAsync(arguments.Context, arguments.Outcome, options);
        pipeline.Retry.OnRetry = arguments =>
        {
            if (arguments.Context.GetRequestMessage() is { } request
                && OmsRequests.IsIndefinite(arguments.Outcome.Result, arguments.Outcome.Exception))
                OmsRequests.MarkUnanswered(request);
            return default;
        };
    }

    private static async ValueTask<bool> ShouldRetryAsync(
        ResilienceContext context, Outcome<HttpResponseMessage> outcome, OmsOptions options)
    {
        if (context.GetRequestMessage() is not { } request || !IsRepeatable(request))
            return false;
        if (outcome.Exception is { } exception)
            return exception is HttpRequestException or TimeoutRejectedException;
        if (outcome.Result is not { } response || response.IsSuccessStatusCode)
            return false;
        if (RetryAfter(response) > options.MaxRetryAfter)
            return false;
        return OmsErrorReader.IsRetryable(response.StatusCode, await CodeAsync(response, context.CancellationToken));
    }

    /// <summary>Reading and deleting, and what carries a key; a PATCH is repeated by whoever asked for it.</summary>
    private static bool IsRepeatable(HttpRequestMessage request)
        => request.Method == HttpMethod.Get || request.Method == HttpMethod.Delete || request.Headers.Contains(IdempotencyKeyHandler.Header)
        || OmsRequests.RouteOf(request) == OmsRequests.TokenRoute;

    /// <summary>Only a conflict needs its body to know whether it passes (docs/oms-api.md 3.1).</summary>
    private static async ValueTask<string?> CodeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode != HttpStatusCode.Conflict)
            return null;
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        return OmsErrorReader.Read(await response.Content.ReadAsByteArrayAsync(cancellationToken)).Code;
    }
}
