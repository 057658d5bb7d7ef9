using System.Globalization;
using OmsWorkflows.Local.Sandbox.Auth;
using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Time;

namespace OmsWorkflows.Local.Sandbox.RateLimits;

/// <summary>
/// So many calls per second and key, told on every answer (docs/oms-api.md 3.4). Real seconds: advancing the clock earns no calls.
/// </summary>
internal sealed class RateLimit(RequestDelegate next, SandboxClock clock, SandboxOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Second, int Calls)> _windows = [];

    public Task InvokeAsync(HttpContext context)
    {
        if (options.RateLimit == 0 || context.Items[BearerTokens.OwnerKey] is not string owner)
            return next(context);
        var now = clock.Base.GetUtcNow();
        var second = now.ToUnixTimeSeconds();
        int calls;
        lock (_gate)
        {
            var window = _windows.TryGetValue(owner, out var known) && known.Second == second ? known : (second, 0);
            calls = window.Item2 + 1;
            _windows[owner] = (second, calls);
        }
        var headers = context.Response.Headers;
        headers["X-RateLimit-Limit"] = options.RateLimit.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Remaining"] = Math.Max(0, options.RateLimit - calls).ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Reset"] = (second + 1).ToString(CultureInfo.InvariantCulture);
        return calls <= options.RateLimit ? next(context) : throw ApiException.RateLimited(TimeSpan.FromSeconds(1));
    }
}
