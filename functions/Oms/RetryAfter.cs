using System.Net.Http.Headers;

namespace OmsWorkflows.Oms;

/// <summary>How long an answer asks to wait (docs/oms-api.md 3.4): delta seconds or an HTTP date.</summary>
internal static class RetryAfter
{
    /// <summary>More than anybody waits; keeps absurd numbers from overflowing.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>The wait; <see langword="null"/> when none is asked for.</summary>
    public static TimeSpan? Of(HttpResponseMessage response, TimeProvider clock)
    {
        if (!response.Headers.NonValidated.TryGetValues("Retry-After", out var values))
        {
            return null;
        }

        var text = values.ToString().Trim();
        if (text.Length > 0 && text.All(char.IsAsciiDigit))
        {
            // Counted in a long: .NET's own header type drops what exceeds an int, as if nothing had been asked.
            return long.TryParse(text, out var seconds) && seconds < Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : Longest;
        }

        if (!RetryConditionHeaderValue.TryParse(text, out var header) || header.Date is not { } date)
        {
            return null;
        }

        // Against the answer's own clock, if it tells: the two machines' clocks may differ.
        var wait = date - (response.Headers.Date ?? clock.GetUtcNow());
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Longest ? Longest : wait;
    }
}
