using System.Collections.Concurrent;
using System.Globalization;
using Azure.Data.Tables;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Functions.Tests.Tables;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Functions.Tests.Instances;

/// <summary>
/// Instances of the app that share tables, an engine and OMS, with a damaged row in every table that a pass goes over, and what has to hold
/// of them at rest, whatever came in which order (docs/decisions/0011-many-instances.md).
/// </summary>
internal sealed class World
{
    private static readonly CancellationToken Token = CancellationToken.None;
    private static readonly EphemeralDataProtectionProvider Protection = new();

    private readonly ConcurrentBag<string> _wrong = [];

    public World(Interleaving interleaving, bool refuses = false)
    {
        Interleaving = interleaving;
        Tables = new InMemoryTables().Open(new Interleaving.Gate());
        Oms = new StubOms(Clock);
        Engine = new(interleaving, Clock) { Activities = NewInstance(), Refuses = refuses };
        interleaving.Idle = Advance;

        // Time does not wait until nobody has anything to do: a few times it passes in the middle.
        interleaving.Add("time", async () =>
        {
            for (var times = 0; times < 3; times++)
            {
                await Interleaving.PassAsync();
                await Interleaving.PassAsync();
                Advance();
            }
        });
    }

    public Interleaving Interleaving { get; }

    public FakeTimeProvider Clock { get; } = new(Events.Start);

    public AppTables Tables { get; }

    public StubOms Oms { get; }

    public StubEngine Engine { get; }

    /// <summary>Deliveries that were answered with 200.</summary>
    public ConcurrentBag<string> Delivered { get; } = [];

    /// <summary>What did not hold.</summary>
    public IReadOnlyCollection<string> Wrong => _wrong;

    public AppInstance NewInstance() => new(Tables, Oms, Clock, Protection);

    /// <summary>Rows nobody can read, one for each pass: they must keep no other row from anybody.</summary>
    public async Task PoisonAsync()
    {
        await Tables.Intakes.AddEntityAsync(new TableEntity("0-bad", "intake")
        {
            ["State"] = "Accepted",
            ["ReceivedAt"] = Clock.GetUtcNow().AddHours(-1),
            ["Orchestration"] = "CashIn",
            ["Input"] = "{ torn",
            ["Applicant"] = "of a key that is gone",
        });
        await Tables.Inbox.AddEntityAsync(new TableEntity("0-bad", "event:0") { ["State"] = "Waiting", ["Settles"] = true });
        await Tables.Settlements.AddEntityAsync(new TableEntity("0-bad", "settlement")
        {
            ["State"] = "Unclaimed",
            ["SettledAt"] = Clock.GetUtcNow(),
        });
        var at = Clock.GetUtcNow().AddHours(-1);
        await new TableIndex(Tables).WriteAsync(
            [
                IndexChange.Put("pending", IndexPosition.OldestFirst(at, "0-bad"), ("InstanceId", "0-bad")),
                IndexChange.Put("open:CashIn", IndexPosition.NewestFirst(at, "0-bad"), ("InstanceId", "0-bad")),
                IndexChange.Put("waiting", IndexPosition.OldestFirst(at, "0-bad"), ("ResourceId", "0-bad"), ("DeliveryId", "0")),
                IndexChange.Put("settled:Unclaimed", IndexPosition.NewestFirst(at, "0-bad"), ("TransactionId", "0-bad")),
                IndexChange.Put("unsettled", "0-bad"),
            ],
            CancellationToken.None);
    }

    /// <summary>Somebody who sends a request until it is answered with success, or for good; answers the status.</summary>
    public async Task<int?> UntilAcceptedAsync(Func<AppInstance, StubEngine, Task<IResult>> send)
    {
        for (var tries = 0; ; tries++)
        {
            var status = ((IStatusCodeHttpResult)await send(NewInstance(), Engine)).StatusCode;
            if (status is not (StatusCodes.Status409Conflict or StatusCodes.Status404NotFound) || tries == 3)
                return status;
            await Interleaving.PauseAsync();
        }
    }

    /// <summary>Somebody who comes a while later than the others.</summary>
    public void Later(string name, Func<AppInstance, Task> work) => Interleaving.Add(name, async () =>
    {
        await Interleaving.PauseAsync();
        await work(NewInstance());
    });

    /// <summary>OMS brings a delivery to one instance after the other until one answers with success.</summary>
    public void Delivers(string deliveryId, string name, Func<string?> data) => Interleaving.Add(deliveryId, async () =>
    {
        for (var tries = 0; tries < 20; tries++)
        {
            await Interleaving.PauseAsync();
            if (data() is not { } text)
                continue;
            if (await NewInstance().DeliverAsync(Engine, deliveryId, name, text) == StatusCodes.Status200OK)
            {
                Delivered.Add(deliveryId);
                return;
            }
        }
    });

    /// <summary>Runs to the end; then every sweep comes, as it does every minute, and what it starts runs to its end too.</summary>
    public async Task<IReadOnlyCollection<string>> RunAsync()
    {
        await RunToEndAsync();
        for (var passes = 0; passes < 2; passes++)
        {
            Clock.Advance(new LedgerOptions().SettleWithin + TimeSpan.FromMinutes(1));
            var instance = NewInstance();
            await instance.Starts.SweepStarts(new TimerInfo(), Engine, Token);
            await instance.Sweep.RunAsync(Engine, Token);
            await instance.ReconcileAsync(Token);
            await RunToEndAsync();
        }

        await CheckAsync();
        return _wrong;
    }

    public void Check(bool holds, string what)
    {
        if (!holds)
            _wrong.Add($"{Interleaving.Schedule}: {what}");
    }

    private void Advance() => Clock.SetUtcNow(
        Engine.NextTimer is { } timer && timer > Clock.GetUtcNow() ? timer : Clock.GetUtcNow().AddMinutes(1));

    private async Task RunToEndAsync()
    {
        foreach (var failure in await Interleaving.RunAsync())
            Check(false, failure.ToString());
    }

    private async Task CheckAsync()
    {
        foreach (var (id, orchestration) in Engine.Orchestrations)
        {
            Check(orchestration.Failure is null, $"{id} failed: {orchestration.Failure}");
            Check(orchestration.Status is { Ended: true, Fault: null }, $"{id} has not ended: {orchestration.Status?.Phase}");
            Check(Engine.Starts[id] == 1, $"{id} was started {Engine.Starts[id]} times");
        }

        foreach (var row in await Tables.Intakes.QueryAsync<TableEntity>().ToListAsync())
        {
            if (row.PartitionKey == "0-bad")
                continue;
            Check(Engine.Find(row.PartitionKey) is not null, $"{row.PartitionKey} was never started");
            Check(!Intakes.PersonalColumns.Any(row.ContainsKey), $"{row.PartitionKey} is closed and keeps personal data");
        }

        foreach (var wallets in Oms.Wallets.GroupBy(wallet => (string)wallet["customerId"]!))
            Check(wallets.Count() == 1, $"{wallets.Key} has {wallets.Count()} wallets");
        foreach (var customers in Oms.Customers.GroupBy(customer => (string?)customer["externalId"]))
            Check(customers.Count() == 1, $"{customers.Count()} customers for {customers.Key}");
        await CheckMoneyAsync();
    }

    private async Task CheckMoneyAsync()
    {
        var ledger = NewInstance().Ledger;
        foreach (var transaction in Oms.Transactions.Where(each => each["cashInId"] is not null && (string)each["status"]! == "completed"))
        {
            var id = (string)transaction["id"]!;
            var record = await ledger.FindAsync(id, Token);
            var credited = Engine.Orchestrations.Where(each => each.Value.Status?.Settlement?.TransactionId == id).ToList();
            var net = decimal.Parse((string)transaction["destination"]!["amountNet"]!, CultureInfo.InvariantCulture);
            Check(record?.Settlement.Net == net, $"{id} settled {net} and the ledger says {record?.Settlement.Net}");
            Check(credited.Count <= 1, $"{id} is shown by {credited.Count} journeys");
            var owner = record?.State == SettlementState.Unclaimed ? null : record?.Settlement.InstanceId;
            Check(
                owner is null ? credited.Count == 0 : credited is [var one] && one.Key == owner,
                $"{id} is {record?.State} for {owner} and shown by {string.Join(',', credited.Select(each => each.Key))}");
        }
    }
}
