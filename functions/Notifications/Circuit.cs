using System.Collections.Concurrent;

namespace OmsWorkflows.Notifications;

/// <summary>The circuits of all endpoints, as this instance sees them.</summary>
public sealed class Circuits(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Circuit> _circuits = new(StringComparer.Ordinal);

    internal Circuit Of(string endpoint) => _circuits.GetOrAdd(endpoint, _ => new Circuit(clock));
}

/// <summary>
/// Keeps an endpoint that fails from being asked at every turn: after a few failures in a row there is a pause, then one try, then a longer
/// pause; one that asks for a pause gets it. Whatever waits meanwhile stays due and has used up no try.
/// </summary>
internal sealed class Circuit(TimeProvider clock)
{
    private const int FailuresInARow = 3;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>A receiver that asks for years must not be silent for longer than somebody takes to notice.</summary>
    private static readonly TimeSpan LongestAskedFor = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private int _failures;
    private DateTimeOffset _openUntil;
    private bool _recovered;

    /// <summary>Whether nothing is sent now.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_gate)
                return clock.GetUtcNow() < _openUntil;
        }
    }

    /// <summary>False during a pause. After one, a single caller may try, and the others wait for what it finds.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (clock.GetUtcNow() < _openUntil)
                return false;
            if (_failures >= FailuresInARow)
                _openUntil = clock.GetUtcNow() + LongestPause;
            return true;
        }
    }

    public void Succeeded()
    {
        lock (_gate)
        {
            _recovered |= _failures >= FailuresInARow;
            _failures = 0;
            _openUntil = default;
        }
    }

    /// <param name="askedFor">How long the endpoint asks to be left alone; <see langword="null"/> if it does not say.</param>
    public void Failed(TimeSpan? askedFor)
    {
        lock (_gate)
        {
            _failures++;
            var pause = _failures < FailuresInARow ? TimeSpan.Zero : FirstPause * Math.Pow(2, Math.Min(_failures - FailuresInARow, 10));
            var own = Shorter(pause, LongestPause);
            var asked = Shorter(askedFor ?? TimeSpan.Zero, LongestAskedFor);
            _openUntil = clock.GetUtcNow() + (asked > own ? asked : own);
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>
    /// Whether the endpoint has come back since this was asked last: what waits for a later try need not wait any longer.
    /// </summary>
    public bool HasRecovered()
    {
        lock (_gate)
        {
            var recovered = _recovered;
            _recovered = false;
            return recovered;
        }
    }
}
