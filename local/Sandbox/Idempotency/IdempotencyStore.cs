using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Time;

namespace OmsWorkflows.Local.Sandbox.Idempotency;

/// <summary>An answer that can be given again.</summary>
internal sealed record StoredAnswer(int Status, string? ContentType, byte[] Body);

/// <summary>What was answered to which key (docs/oms-api.md 3.1).</summary>
internal sealed class IdempotencyStore(SandboxClock clock, SandboxOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Owner, string Key), Entry> _entries = [];

    /// <summary>
    /// Claims a key for a request; returns the first answer when there is one, null when the request is to be carried out.
    /// </summary>
    /// <exception cref="ApiException">409: the key is in use, or was used for something else.</exception>
    public StoredAnswer? Begin(string owner, string key, string requestHash)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue((owner, key), out var known) && clock.Now < known.Since + options.IdempotencyRetention)
            {
                if (known.RequestHash != requestHash)
                    throw ApiException.KeyReused();
                return known.Answer ?? throw ApiException.InProgress();
            }
            _entries[(owner, key)] = new Entry(requestHash, clock.Now, null);
            return null;
        }
    }

    /// <summary>Keeps business answers; after all others the key is free again, so that a retry gets through.</summary>
    public void End(string owner, string key, StoredAnswer? answer)
    {
        lock (_gate)
        {
            // Gone when everything was reset in between.
            if (!_entries.TryGetValue((owner, key), out var entry))
                return;
            if (answer is not null && IsKept(answer.Status))
                _entries[(owner, key)] = entry with { Answer = answer };
            else
                _entries.Remove((owner, key));
        }
    }

    public void Clear()
    {
        lock (_gate)
            _entries.Clear();
    }

    private static bool IsKept(int status) => status is >= 200 and < 300 or (>= 400 and < 500 and not (401 or 408 or 429));

    private sealed record Entry(string RequestHash, DateTimeOffset Since, StoredAnswer? Answer);
}
