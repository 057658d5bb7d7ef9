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
/// pause. Whatever waits meanwhile stays due and has used up no try.
/// </summary>
internal sealed class Circuit(TimeProvider clock)
{
    private const int FailuresInARow = 3;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

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

    public void Failed()
    {
        lock (_gate)
        {
            _failures++;
            if (_failures < FailuresInARow)
                return;
            var pause = FirstPause * Math.Pow(2, Math.Min(_failures - FailuresInARow, 10));
            _openUntil = clock.GetUtcNow() + (pause < LongestPause ? pause : LongestPause);
        }
    }

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
