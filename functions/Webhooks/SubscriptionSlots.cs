using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Azure;
using Azure.Data.Tables;
using OmsWorkflows.Secrets;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Webhooks;

/// <summary>
/// Remembers which endpoint's secret each of the two settings holds, and how far each endpoint is. One row, which whoever changes the
/// subscription holds from the first to the last step: operators on two instances take turns (docs/decisions/0011-many-instances.md).
/// </summary>
public sealed class SubscriptionSlots(AppTables tables, TimeProvider clock)
{
    private const string Partition = "endpoint";
    private const string Row = "subscription";

    /// <summary>A turn is given up well before its hold runs out, so that nothing of it can come after the next turn began.</summary>
    private static readonly TimeSpan LongestTurn = TimeSpan.FromMinutes(2);

    /// <summary>The endpoints this app has made or begun to make.</summary>
    internal async Task<IReadOnlyList<SubscriptionSlot>> ReadAsync(CancellationToken cancellationToken)
        => await FindAsync(cancellationToken) is { } row ? Slots(row) : await ReadFormerAsync(cancellationToken);

    /// <summary>Takes a turn at changing the subscription.</summary>
    /// <exception cref="SubscriptionConflictException">Somebody else is at it.</exception>
    internal async Task<T> HoldAsync<T>(Func<SubscriptionTurn, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        var found = await FindAsync(cancellationToken);
        if (found?.Time("HeldUntil") > clock.GetUtcNow())
            throw Busy();
        var row = found ?? new TableEntity(Partition, Row) { ["Slots"] = Text(await ReadFormerAsync(cancellationToken)) };
        var turn = new SubscriptionTurn(tables, row, Slots(row));
        await turn.HoldAsync(clock.GetUtcNow() + Leases.Lifetime, isNew: found is null, cancellationToken);
        using var limit = new CancellationTokenSource(LongestTurn, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await work(turn, either.Token);
        }
        finally
        {
            // Also after a failure: what was begun is written down, and the next turn finishes it.
            await turn.HoldAsync(null, isNew: false, CancellationToken.None);
        }
    }

    internal static SubscriptionConflictException Busy() => new(
        $"Somebody else is changing the subscription, or broke off doing so: look at the list, "
            + $"and try again within {Leases.Lifetime.TotalMinutes} minutes.");

    internal static string Text(IEnumerable<SubscriptionSlot> slots) => JsonSerializer.Serialize(slots);

    private static SubscriptionSlot[] Slots(TableEntity row) => JsonSerializer.Deserialize<SubscriptionSlot[]>(row.Text("Slots") ?? "[]")!;

    private async Task<TableEntity?> FindAsync(string rowKey, CancellationToken cancellationToken)
    {
        var found = await tables.Subscriptions.GetEntityIfExistsAsync<TableEntity>(Partition, rowKey, cancellationToken: cancellationToken);
        return found.HasValue ? found.Value : null;
    }

    private Task<TableEntity?> FindAsync(CancellationToken cancellationToken) => FindAsync(Row, cancellationToken);

    /// <summary>Until release 1.0 each setting had a row of its own.</summary>
    private async Task<IReadOnlyList<SubscriptionSlot>> ReadFormerAsync(CancellationToken cancellationToken)
    {
        var slots = new List<SubscriptionSlot>();
        foreach (var setting in (string[])[SecretSettings.CurrentWebhookSecret, SecretSettings.NextWebhookSecret])
            if (await FindAsync(TableKey.Of(setting), cancellationToken) is { } row
                && row.Text("Url") is { } url && row.Text("IdempotencyKey") is { } key && row.Time("BegunAt") is { } begunAt)
                slots.Add(new(setting, url, key, begunAt)
                {
                    EndpointId = row.Text("EndpointId"),
                    Phase = row.Text("EndpointId") is null ? SubscriptionPhase.Begun : SubscriptionPhase.Stored,
                });
        return slots;
    }
}

/// <summary>One turn at changing the subscription; each step is written down before the next one is taken.</summary>
internal sealed class SubscriptionTurn(AppTables tables, TableEntity row, IReadOnlyList<SubscriptionSlot> slots)
{
    private ETag _seen = row.ETag;

    public IReadOnlyList<SubscriptionSlot> Slots { get; private set; } = slots;

    /// <summary>The endpoints whose secrets are in their settings.</summary>
    public IReadOnlyList<SubscriptionSlot> Stored => [.. Slots.Where(slot => slot.Phase == SubscriptionPhase.Stored)];

    /// <summary>Writes down how far an endpoint is.</summary>
    /// <exception cref="SubscriptionConflictException">The turn is over: somebody else took the next one.</exception>
    public Task SaveAsync(SubscriptionSlot slot, CancellationToken cancellationToken) => SaveAsync(slot.Setting, [slot], cancellationToken);

    /// <summary>The setting can be used for another endpoint.</summary>
    public Task FreeAsync(SubscriptionSlot slot, CancellationToken cancellationToken) => SaveAsync(slot.Setting, [], cancellationToken);

    /// <summary>Begins, or with null ends, the turn.</summary>
    public async Task HoldAsync(DateTimeOffset? until, bool isNew, CancellationToken cancellationToken)
    {
        row.Put("HeldUntil", until);
        await WriteAsync(isNew, cancellationToken);
    }

    private async Task SaveAsync(string setting, SubscriptionSlot[] now, CancellationToken cancellationToken)
    {
        SubscriptionSlot[] slots = [.. Slots.Where(slot => slot.Setting != setting), .. now];
        row["Slots"] = SubscriptionSlots.Text(slots);
        await WriteAsync(isNew: false, cancellationToken);
        Slots = slots;
    }

    private async Task WriteAsync(bool isNew, CancellationToken cancellationToken)
    {
        try
        {
            var answer = isNew
                ? await tables.Subscriptions.AddEntityAsync(row, cancellationToken)
                : await tables.Subscriptions.UpdateEntityAsync(row, _seen, TableUpdateMode.Replace, cancellationToken);
            _seen = answer.Headers.ETag ?? throw new InvalidOperationException("The store answered a write without an ETag.");
        }
        catch (RequestFailedException e) when (e.Status is (int)HttpStatusCode.Conflict or (int)HttpStatusCode.PreconditionFailed)
        {
            throw SubscriptionSlots.Busy();
        }
    }
}

/// <summary>One setting for a secret, and whose it holds or shall hold.</summary>
/// <param name="Setting">Name of the setting.</param>
/// <param name="Url">Where the endpoint's deliveries go.</param>
/// <param name="IdempotencyKey">Key its registration is sent with.</param>
/// <param name="BegunAt">When its registration began (UTC).</param>
internal sealed record SubscriptionSlot(string Setting, string Url, string IdempotencyKey, DateTimeOffset BegunAt)
{
    /// <summary>The endpoint; null until OMS has answered.</summary>
    public string? EndpointId { get; init; }

    /// <summary>How far it is.</summary>
    public SubscriptionPhase Phase { get; init; }

    /// <summary>What a newer version wrote beside it.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; init; }
}

/// <summary>How far an endpoint is.</summary>
[JsonConverter(typeof(KnownNamesConverter<SubscriptionPhase>))]
internal enum SubscriptionPhase
{
    /// <summary>OMS is about to be asked for it, or was.</summary>
    Begun = 0,

    /// <summary>It exists; its secret may not be in the setting yet.</summary>
    Registered,

    /// <summary>Its secret is in the setting.</summary>
    Stored,

    /// <summary>It and its secret are being deleted.</summary>
    Removing,

    /// <summary>A phase of a newer version.</summary>
    Unknown,
}
