using System.Collections.Concurrent;
using Azure.Data.Tables;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Functions.Tests.Ledger;
using OmsWorkflows.Functions.Tests.Tables;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;
using OmsWorkflows.Oms;
using OmsWorkflows.Onboarding;
using OmsWorkflows.Secrets;
using OmsWorkflows.Storage;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Instances;

/// <summary>
/// What many instances do at the same time, in every order of their calls where that can be done, in seeded ones where not, with processes
/// that
/// die in between and activities that run twice (docs/decisions/0011-many-instances.md).
/// </summary>
public sealed class InstancesExplorerTests(ITestOutputHelper output)
{
    private const string Url = "https://app.example/api/webhooks/oms";
    private const int Seed = 20260610;

    private static readonly CancellationToken Token = CancellationToken.None;
    private static readonly EphemeralDataProtectionProvider Protection = new();

    private readonly List<string> _wrong = [];

    [Fact]
    public async Task Two_journeys_of_one_customer_make_one_wallet()
    {
        var all = await Schedules.AllAsync(choose => WalletsAsync(choose, journeys: 2, deaths: 0), most: 2500);
        var some = await Schedules.SomeAsync(choose => WalletsAsync(choose, journeys: 3, deaths: 2), Seed, 1500);

        Report(all, some);
    }

    [Fact]
    public async Task Cash_ins_of_one_new_applicant_make_one_customer_with_one_wallet()
        => Report(0, await Schedules.SomeAsync(choose => ApplicantsAsync(choose, deaths: 1), Seed, 1000));

    [Fact]
    public async Task What_was_accepted_is_sent_and_a_closed_journey_holds_nothing_personal()
    {
        var all = await Schedules.AllAsync(choose => SupplementsAsync(choose, closes: true, deaths: 0), most: 800);
        var some = await Schedules.SomeAsync(choose => SupplementsAsync(choose, closes: false, deaths: 0), Seed, 500);

        Report(all, some);
    }

    [Fact]
    public async Task Money_is_credited_once_whoever_comes_first() => Report(await Schedules.AllAsync(MoneyAsync, most: 1500), 0);

    [Fact]
    public async Task At_rest_every_secret_is_of_a_living_endpoint_and_every_endpoint_is_listed()
        => Report(0, await Schedules.SomeAsync(choose => SubscriptionsAsync(choose, deaths: 1), Seed, 1000));

    private void Report(int all, int some)
    {
        output.WriteLine($"{all} schedules in order, {some} of seed {Seed}");
        _wrong.Should().BeEmpty();
    }

    private async Task WalletsAsync(Func<int, int> choose, int journeys, int deaths)
    {
        var world = new World();
        var interleaving = new Interleaving(choose) { Deaths = deaths };
        for (var i = 0; i < journeys; i++)
        {
            var customer = new CustomerOfJourney($"j{i}", "cst_1");
            world.Journey(interleaving, $"j{i}", activities => UntilAnsweredAsync(() => activities.ProvisionWallet(customer, Token)));
        }

        await RunAsync(interleaving, world);
        Check(interleaving, world.Oms.Wallets.Count == 1, $"{world.Oms.Wallets.Count} wallets");
    }

    private async Task ApplicantsAsync(Func<int, int> choose, int deaths)
    {
        var world = new World();
        var interleaving = new Interleaving(choose) { Deaths = deaths };
        for (var i = 0; i < 2; i++)
        {
            var id = $"j{i}";
            await world.Intakes.AddAsync(
                new()
                {
                    InstanceId = id,
                    Orchestration = "CashIn",
                    Input = "1",
                    Applicant = new(
                    new Applicant { ExternalId = "user-1" })
                }, Token);
            world.Journey(interleaving, id, async activities =>
            {
                var customer = await UntilAnsweredAsync(() => activities.CreateCustomer(id, Token));
                await UntilAnsweredAsync(() => activities.ProvisionWallet(new(id, customer.CustomerId), Token));
            });
        }

        await RunAsync(interleaving, world);
        Check(interleaving, world.Oms.Customers.Count == 1, $"{world.Oms.Customers.Count} customers");
        Check(interleaving, world.Oms.Wallets.Count == 1, $"{world.Oms.Wallets.Count} wallets");
        foreach (var id in (string[])["j0", "j1"])
            Check(
                interleaving,
                (await world.Intakes.GetAsync(id, Token)) is { CustomerId: not null, Applicant: null },
                $"{id} keeps its applicant");
    }

    private async Task SupplementsAsync(Func<int, int> choose, bool closes, int deaths)
    {
        var world = new World();
        world.Oms.Customers.Add(Oms.Fixture.Node("resources/customer.active.json").AsObject());
        var customer = new CustomerOfJourney("j", (string)world.Oms.Customers[0]["id"]!);
        await world.Intakes.AddAsync(new() { InstanceId = "j", Orchestration = "Onboarding", Input = "1" }, Token);
        var interleaving = new Interleaving(choose) { Deaths = deaths };
        var signals = new ConcurrentQueue<string>();
        var (accepted, open) = (new ConcurrentBag<string>(), 2);
        foreach (var mail in (string[])["one@example.test", "two@example.test"])
            interleaving.Add(mail[..3], async () =>
            {
                var applicant = mail[0] == 'o' ? new Applicant { Email = mail } : new Applicant { LastName = mail };
                if (await world.Intakes.SupplyAsync("j", mail, applicant, Token))
                {
                    accepted.Add(mail);
                    signals.Enqueue(mail);
                }

                Interlocked.Decrement(ref open);
            });
        world.Journey(interleaving, "j", async activities =>
        {
            while (!closes && (Volatile.Read(ref open) > 0 || !signals.IsEmpty))
            {
                if (signals.TryDequeue(out _))
                    await UntilAnsweredAsync(() => activities.UpdateCustomer(customer, Token));
                else
                    await Interleaving.PauseAsync();
            }

            if (closes)
                await new JourneyActivities(world.Inbox, world.Intakes).CloseJourney(new("j", [customer.CustomerId]), Token);
        });

        await RunAsync(interleaving, world);
        var row = (await world.Tables.Intakes.GetEntityAsync<TableEntity>("j", "intake")).Value;
        Check(interleaving, !row.ContainsKey("Supplement"), "personal data is left behind");
        foreach (var mail in accepted)
            Check(
                interleaving,
                closes || world.Oms.Updates.Exists(update => update.Contains(mail, StringComparison.Ordinal)),
                $"{mail} was accepted and not sent");
    }

    private async Task MoneyAsync(Func<int, int> choose)
    {
        var world = new World();
        var ledger = new SettlementLedger(world.Tables, world.Clock, NullLogger<SettlementLedger>.Instance);
        var money = new Settlement("txn_1", "ci_1", "cst_1", 120m, 2.30m, 117.70m, "usdc", "polygon", null, Events.Start, "j1");
        var interleaving = new Interleaving(choose);
        var credits = new ConcurrentBag<string>();
        foreach (var name in (string[])["book", "again"])
            interleaving.Add(name, () => CreditAsync("j1", () => ledger.BookAsync(money, Token)));
        interleaving.Add("sweep", () => ledger.KeepUnclaimedAsync(money, UnclaimedReason.NotBooked, Token));
        interleaving.Add("operator", () => CreditAsync(
            "j2", async () => await ledger.AttachAsync("txn_1", "j2", ByHand.With("T-1"), Token) is not null));

        await RunAsync(interleaving, world);
        var owner = (await ledger.FindAsync("txn_1", Token))!.Settlement.InstanceId;
        Check(
            interleaving,
            owner is "j1" or "j2" && credits.All(credit => credit == owner) && credits.Count == 1,
            $"{owner}: {string.Join(',', credits)}");

        async Task CreditAsync(string instance, Func<Task<bool>> credit)
        {
            try
            {
                if (await credit())
                    credits.Add(instance);
            }
            catch (SettlementConflictException)
            {
                // Told so: nothing was credited.
            }
        }
    }

    private async Task SubscriptionsAsync(Func<int, int> choose, int deaths)
    {
        var world = new World();
        var vault = new Vault();
        var interleaving = new Interleaving(choose) { Deaths = deaths };
        foreach (var name in (string[])["create1", "create2"])
            interleaving.Add(name, () => ToldSoAsync(() => Subscriptions().CreateAsync(Url, Token)));
        interleaving.Add("rotate", () => ToldSoAsync(() => Subscriptions().RotateAsync(Token)));
        interleaving.Add("finish", () => ToldSoAsync(() => Subscriptions().FinishRotationAsync(Token)));

        await RunAsync(interleaving, world);
        await ToldSoAsync(() => Subscriptions().CreateAsync(Url, Token));
        await ToldSoAsync(() => Subscriptions().RotateAsync(Token));
        await ToldSoAsync(() => Subscriptions().FinishRotationAsync(Token));

        var slots = await new SubscriptionSlots(world.Tables, world.Clock).ReadAsync(Token);
        Check(interleaving, slots is [{ Phase: SubscriptionPhase.Stored }], $"slots {string.Join(',', slots)}");
        Check(
            interleaving,
            slots.Select(slot => slot.EndpointId).Order()
                .SequenceEqual(world.Oms.Endpoints.Select(endpoint => (string?)endpoint["id"]).Order()),
            $"{world.Oms.Endpoints.Count} endpoints, {slots.Count} slots");
        Check(
            interleaving,
            vault.Values.Count == slots.Count
                && slots.All(slot => vault.Values.GetValueOrDefault(slot.Setting) == $"whsec_{slot.EndpointId}"),
            "a setting holds another endpoint's secret");

        WebhookSubscriptions Subscriptions() => new(
            world.Oms.Client(),
            Options.Create(new OmsOptions()),
            vault,
            new SubscriptionSlots(world.Tables, world.Clock),
            world.Clock,
            NullLogger<WebhookSubscriptions>.Instance);

        static async Task ToldSoAsync(Func<Task> change)
        {
            try
            {
                await change();
            }
            catch (SubscriptionConflictException)
            {
                // Told so: nothing was changed.
            }
        }
    }

    /// <summary>Runs to the end, then lets the engine repeat what died, as it would, when leases have run out.</summary>
    private async Task RunAsync(Interleaving interleaving, World world)
    {
        interleaving.Idle = () => world.Clock.Advance(TimeSpan.FromMinutes(1));
        foreach (var failure in await interleaving.RunAsync())
            Check(interleaving, false, failure.ToString());
        world.Clock.Advance(Leases.Lifetime + TimeSpan.FromMinutes(1));
        foreach (var journey in world.Journeys)
            await journey();
    }

    private void Check(Interleaving interleaving, bool holds, string what)
    {
        if (!holds && _wrong.Count < 5)
            _wrong.Add($"{interleaving.Schedule}: {what}");
    }

    private static async Task<T> UntilAnsweredAsync<T>(Func<Task<OmsAnswer<T>>> ask)
        where T : class
    {
        for (var tries = 0; tries < 50; tries++)
        {
            var answer = await ask();
            if (answer.HasValue)
                return answer.Value;
            answer.Refusal.Should().BeNull();
            await Interleaving.PauseAsync();
        }

        throw new InvalidOperationException("Never answered.");
    }

    private sealed class World
    {
        public World()
        {
            Tables = new InMemoryTables().Open(new Interleaving.Gate());
            Oms = new StubOms(Clock);
            Intakes = new Intakes(Tables, Protection);
            Inbox = new Inbox(Tables, Clock, NullLogger<Inbox>.Instance);
        }

        public FakeTimeProvider Clock { get; } = new(Events.Start);

        public AppTables Tables { get; }

        public StubOms Oms { get; }

        public Intakes Intakes { get; }

        public Inbox Inbox { get; }

        public List<Func<Task>> Journeys { get; } = [];

        public void Journey(Interleaving interleaving, string name, Func<OnboardingActivities, Task> work)
        {
            var activities = new OnboardingActivities(Oms.Client(), Intakes, Inbox, new Leases(Tables, Clock));
            interleaving.Add(name, () => work(activities));
            Journeys.Add(() => work(activities));
        }
    }

    private sealed class Vault : ISecretStore
    {
        public ConcurrentDictionary<string, string> Values { get; } = new();

        public async Task SetAsync(string settingName, string value, CancellationToken cancellationToken)
        {
            await Interleaving.PassAsync();
            Values[settingName] = value;
        }

        public async Task RemoveAsync(string settingName, CancellationToken cancellationToken)
        {
            await Interleaving.PassAsync();
            Values.TryRemove(settingName, out _);
        }
    }
}
