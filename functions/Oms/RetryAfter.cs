using System.Globalization;
using System.Net.Http.Headers;

namespace OmsWorkflows.Oms;

/// <summary>How long an answer asks to wait (docs/oms-api.md 3.4): delta seconds or a date.</summary>
internal static class RetryAfter
{
    /// <summary>Asking again once a day burdens nobody, whatever nonsense was written; a wait of years would only look honoured.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>The wait, the longest if several are asked for; <see langword="null"/> when none is.</summary>
    public static TimeSpan? Of(HttpResponseMessage response, TimeProvider clock)
        => response.Headers.NonValidated.TryGetValues("Retry-After", out var values)
            ? values.Select(value => Read(value.Trim(), response, clock)).Max()
            : null;

    private static TimeSpan? Read(string text, HttpResponseMessage response, TimeProvider clock)
    {
        if (text.Length > 0 && text.All(character => char.IsAsciiDigit(character) || character == '.'))
        {
            // .NET's own header type drops what exceeds an int, and fractions, as if nothing had been asked.
            return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
                ? TimeSpan.FromSeconds(Math.Min(Math.Ceiling(seconds), Longest.TotalSeconds))
                : null;
        }

        if (TimeOf(text) is not { } time)
        {
            return null;
        }

        // Against the answer's own clock, if it tells: the two machines' clocks may differ.
        var wait = time - (response.Headers.Date ?? clock.GetUtcNow());
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Longest ? Longest : wait;
    }

    private static DateTimeOffset? TimeOf(string text)
        => RetryConditionHeaderValue.TryParse(text, out var header) ? header.Date
            : TimestampConverter.TryRead(text, out var time) ? time : null;
}
