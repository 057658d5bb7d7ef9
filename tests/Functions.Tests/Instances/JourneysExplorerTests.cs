using System.Collections.Concurrent;
using System.Diagnostics;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OmsWorkflows.CashIns;
using OmsWorkflows.Journeys;
using OmsWorkflows.Onboarding;
using OmsWorkflows.Payouts;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Instances;

/// <summary>
/// Whole journeys on many instances: the real endpoints, receiver, orchestrators, activities and sweeps, in seeded orders of their
/// calls, with
/// activities that run twice, processes that die, and rows nobody can read (docs/decisions/0011-many-instances.md).
/// </summary>
public sealed class JourneysExplorerTests(ITestOutputHelper output)
{
    private const int Seed = 20261127;
    internal const string Ana = """
        { "firstName": "Ana", "lastName": "Reyes", "email": "ana@example.test", "phone": "+12125550142", "birthDate": "1988-11-02",
          "nationality": "US", "externalId": "user-1", "signedAgreement": true, "identifyingInformation":
          [ { "type": "ssn", "issuingCountry": "US", "number": "900-00-0001" } ], "residentialAddress":
          { "line1": "410 W 24th St", "city": "New York", "state": "NY", "country": "US", "zipCode": "10011" } }
        """;

    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly List<string> _wrong = [];

    [Fact]
    public Task A_start_is_one_journey_whoever_sends_it_stores_it_or_sweeps_it() => ExploreAsync(300, StartsAsync);

    [Fact]
    public Task Every_command_that_was_accepted_takes_effect_or_the_status_says_what_came_first() => ExploreAsync(450, CommandsAsync);

    [Fact]
    public Task Cash_is_credited_once_whatever_comes_first_and_nobody_waits_for_a_damaged_row() => ExploreAsync(450, CashInsAsync);

    [Fact]
    public Task A_payout_is_made_once_and_only_at_a_price_that_was_accepted() => ExploreAsync(300, PayoutsAsync);

    [Fact]
    public async Task What_was_answered_with_success_reaches_the_journey_whenever_it_begins_to_listen()
    {
        var watch = Stopwatch.StartNew();
        var count = await Schedules.AllAsync(choose => DeliveriesAsync(new(choose)), most: 3000);
        Report(count, watch);
    }

    private async Task ExploreAsync(int count, Func<Interleaving, Task> explore)
    {
        var watch = Stopwatch.StartNew();
        await Schedules.SomeAsync(choose => explore(new Interleaving(choose) { Deaths = 1, Doubles = 2 }), Seed, count);
        Report(count, watch);
    }

    private void Report(int count, Stopwatch watch)
    {
        output.WriteLine($"{count} schedules of seed {Seed}, {watch.Elapsed.TotalSeconds:0.0} s");
        _wrong.Should().BeEmpty();
    }

    /// <summary>One key, two bodies, three callers of whom one may die, two sweepers, and a start that was stored and lost.</summary>
    private async Task StartsAsync(Interleaving interleaving)
    {
        var world = new World(interleaving);
        await world.PoisonAsync();
        await StoreOnlyAsync(world);
        var (accepted, refused) = (new ConcurrentBag<string>(), new ConcurrentBag<string>());
        foreach (var (name, mail) in (ValueTuple<string, string>[])[("one", "a@"), ("two", "a@"), ("other", "b@")])
            interleaving.Add(name, async () =>
            {
                if (name == "two")
                    await Interleaving.PauseAsync();
                var status = ((IStatusCodeHttpResult)await StartAsync(world.NewInstance(), world, mail)).StatusCode;
                (status == StatusCodes.Status202Accepted ? accepted : refused).Add(mail);
            });
        world.Later("sweep1", instance => instance.Starts.SweepStarts(new TimerInfo(), world.Engine, Token));
        world.Later("sweep2", instance => instance.Starts.SweepStarts(new TimerInfo(), world.Engine, Token));

        Collect(await world.RunAsync());
        world.Check(accepted.Distinct().Count() <= 1, "one key was two requests");
        world.Check(refused.All(mail => !accepted.Contains(mail)), "the same request was accepted and refused");
        var bad = (await world.Tables.Intakes.GetEntityAsync<TableEntity>("0-bad", "intake")).Value;
        world.Check(bad.GetString("State") == "Accepted", "a damaged row was changed");
    }

    /// <summary>Two supplies, a cancellation and OMS's decision, in any order; OMS may also never decide.</summary>
    private async Task CommandsAsync(Interleaving interleaving)
    {
        var decides = interleaving.Chance();
        var world = new World(interleaving, refuses: interleaving.Chance()) { Oms = { Endorsement = "ISSUES" } };
        await world.PoisonAsync();
        var id = JourneyId.From(OnboardingEndpoints.Kind.Prefix, "order-1");
        var accepted = new ConcurrentBag<string>();
        Calls(world, instance => StartAsync(instance, world, "a@"));
        foreach (var mail in (string[])["one@example.test", "two@example.test"])
            interleaving.Add(mail[..3], () => CommandAsync(mail, (instance, engine) => instance.Onboard.SupplyForOnboarding(
                AppInstance.Request(mail[0] == 'o' ? new { email = mail } : new { lastName = mail }, mail), id, engine, Token)));
        if (interleaving.Chance())
            interleaving.Add("cancel", () => CommandAsync("cancel", (instance, engine)
                => instance.Onboard.CancelOnboarding(AppInstance.Request(new { }, null), id, engine, Token)));
        if (decides)
        {
            world.Later("oms", _ =>
            {
                world.Oms.Decide("ACTIVE");
                return Task.CompletedTask;
            });
            world.Delivers("whd1", "customer.endorsement.granted", () => Customer(world));
            world.Delivers("whd1", "customer.endorsement.granted", () => Customer(world));
        }

        Collect(await world.RunAsync());
        var status = world.Engine.Find(id)?.Status ?? new();
        var cameTooLate = (world.Engine.Find(id)?.Received ?? 0) + world.Engine.Swallowed.Count > 0 && status.Ended;
        var wasGranted = status.Passed.Any(passed => passed.Phase == JourneyPhase.ProvisioningWallet);
        foreach (var mail in accepted.Where(each => each != "cancel"))
            world.Check(
                world.Oms.Updates.Exists(update => update.Contains(mail, StringComparison.Ordinal))
                    || wasGranted || cameTooLate || status.Phase == JourneyPhase.Cancelled,
                $"{mail} was accepted, and the journey ended as {status.Phase} without sending it");
        world.Check(
            !accepted.Contains("cancel") || wasGranted || cameTooLate || status.Phase == JourneyPhase.Cancelled,
            $"it was cancelled and ended as {status.Phase}");
        Collect(world.Wrong);

        async Task CommandAsync(string name, Func<AppInstance, StubEngine, Task<IResult>> send)
        {
            if (await world.UntilAcceptedAsync(send) == StatusCodes.Status202Accepted)
                accepted.Add(name);
        }
    }

    /// <summary>
    /// A code that is paid in time, late, or not; commands, webhooks that come twice, sweeps and the reconciliation meanwhile.
    /// </summary>
    private async Task CashInsAsync(Interleaving interleaving)
    {
        var world = new World(interleaving, refuses: interleaving.Chance());
        await world.PoisonAsync();
        world.Oms.Customers.Add(Oms.Fixture.Node("resources/customer.active.json").AsObject());
        var id = JourneyId.From(CashInEndpoints.Kind.Prefix, "order-1");
        var accepted = new ConcurrentBag<string>();
        Calls(world, instance => instance.CashIn.StartCashIn(
            AppInstance.Request(new { customerId = "cst_1", location = new { id = "loc_1", reference = "r" } }, "order-1"),
            world.Engine, Token));
        if (interleaving.Chance())
            interleaving.Add("refresh", () => CommandAsync("refresh", (instance, engine)
                => instance.CashIn.RefreshDepositCode(AppInstance.Request(new { }, "r"), id, engine, Token)));
        if (interleaving.Chance())
            interleaving.Add("cancel", () => CommandAsync("cancel", (instance, engine)
                => instance.CashIn.CancelCashIn(AppInstance.Request(new { }, null), id, engine, Token)));
        if (interleaving.Chance())
        {
            var paid = false;
            var settled = false;
            var late = interleaving.Chance();
            interleaving.Add("till", async () =>
            {
                do
                {
                    await Interleaving.PauseAsync();
                }
                while (!IsOver(world, id) && (late || world.Oms.CashIns.Count == 0));
                if (world.Oms.CashIns.Count == 0)
                    return;

                paid = world.Oms.PayIn(CashIn(world));
                await Interleaving.PassAsync();
                world.Oms.Settle(CashIn(world));
                settled = true;
            });
            foreach (var name in (string[])["whd1", "whd1", "whd2"])
                world.Delivers(name, name == "whd1" ? "transaction.fiatToCrypto.processing" : "cashIn.completed", () => name == "whd1"
                    ? paid ? $$"""{ "id": "txn_{{CashIn(world)}}", "cashInId": "{{CashIn(world)}}", "type": "fiatToCrypto" }""" : null
                    : settled ? $$"""{ "id": "{{CashIn(world)}}", "transactionId": "txn_{{CashIn(world)}}" }""" : null);
        }

        world.Later("sweep", instance => instance.Sweep.RunAsync(world.Engine, Token));
        world.Later("reconcile", instance => instance.ReconcileAsync(Token));

        Collect(await world.RunAsync());
        var status = world.Engine.Find(id)?.Status ?? new();
        var cameFirst = status.MoneyMayMove || status.TransactionId is not null || status.Phase == JourneyPhase.Expired;
        world.Check(
            !accepted.Contains("cancel") || status.CancelRequested || cameFirst, $"it was cancelled and ended as {status.Phase}");
        world.Check(
            !accepted.Contains("refresh") || status.Deposit is { Round: > 0 } || status.CancelRequested || cameFirst,
            $"a fresh code was asked for and it ended as {status.Phase} in round {status.Deposit?.Round}");
        world.Check(world.Oms.CashIns.Count <= 1, $"{world.Oms.CashIns.Count} cash-ins");
        Collect(world.Wrong);

        async Task CommandAsync(string name, Func<AppInstance, StubEngine, Task<IResult>> send)
        {
            if (await world.UntilAcceptedAsync(send) == StatusCodes.Status202Accepted)
                accepted.Add(name);
        }
    }

    /// <summary>
    /// Confirmations and a cancellation of prices that run out; a price may differ from the order, and then needs a person.
    /// </summary>
    private async Task PayoutsAsync(Interleaving interleaving)
    {
        var world = new World(interleaving, refuses: interleaving.Chance());
        world.Oms.QuotesThatDiffer = interleaving.Chance() ? 1 : 0;
        await world.PoisonAsync();
        var id = JourneyId.From(PayoutEndpoints.Kind.Prefix, "order-1");
        var auto = interleaving.Chance();
        var accepted = new ConcurrentBag<string>();
        Calls(world, instance => instance.Payout.StartPayout(
            AppInstance.Request(
                new { customerId = "cst_1", walletId = "wlt_1", externalAccountId = "cpUsBank_1", send = 25m, autoConfirm = auto },
                "order-1"),
            world.Engine, Token));
        foreach (var name in (string[])["confirm1", "confirm2"])
            if (interleaving.Chance())
                interleaving.Add(name, () => CommandAsync(() => $"{world.Oms.Quotes.LastOrDefault()?["id"]}", (instance, engine, quote)
                    => instance.Payout.ConfirmPayout(AppInstance.Request(new { quoteId = quote }, name), id, engine, Token)));
        if (interleaving.Chance())
            interleaving.Add("cancel", () => CommandAsync(() => "cancel", (instance, engine, _)
                => instance.Payout.CancelPayout(AppInstance.Request(new { }, null), id, engine, Token)));
        world.Later("bank", async _ =>
        {
            while (!IsOver(world, id))
            {
                await Interleaving.PauseAsync();
                world.Oms.Land();
            }
        });

        Collect(await world.RunAsync());
        var status = world.Engine.Find(id)?.Status ?? new();
        var executed = world.Oms.Transactions.Select(each => (string)each["quoteId"]!).ToList();
        world.Check(executed.Count <= 1, $"{executed.Count} payouts");
        world.Check(
            executed.Count == (status.Phase == JourneyPhase.Completed ? 1 : 0), $"{executed.Count} payouts, ended as {status.Phase}");
        world.Check(auto || executed.All(accepted.Contains), $"{string.Join(',', executed)} was not accepted");
        world.Check(
            !accepted.Contains("cancel") || status.Phase is JourneyPhase.Cancelled or JourneyPhase.Expired
                || executed.Exists(accepted.Contains),
            $"it was cancelled, nobody accepted the price, and it ended as {status.Phase}");
        foreach (var quote in accepted.Where(each => each != "cancel"))
            world.Check(
                executed.Contains(quote) || status.Quote?.Id != quote || status.Phase is JourneyPhase.Cancelled or JourneyPhase.Expired,
                $"{quote} was accepted and the journey ended as {status.Phase}");
        Collect(world.Wrong);

        async Task CommandAsync(Func<string> what, Func<AppInstance, StubEngine, string, Task<IResult>> send)
        {
            var said = "";
            var status = await world.UntilAcceptedAsync((instance, engine) => send(instance, engine, said = what()));
            if (status == StatusCodes.Status202Accepted)
                accepted.Add(said);
        }
    }

    /// <summary>One delivery, one journey that begins to listen, and the sweep.</summary>
    private async Task DeliveriesAsync(Interleaving interleaving)
    {
        var world = new World(interleaving);
        await world.PoisonAsync();
        var handedOut = new List<Signal>();
        var journey = world.Engine.AddIdle("journey");
        interleaving.Add("oms", async () =>
        {
            var answer = await world.NewInstance().DeliverAsync(world.Engine, "whd1", "cashIn.expired", """{ "id": "ci_1" }""");
            world.Check(answer == StatusCodes.Status200OK, $"answered {answer}");
        });
        interleaving.Add("listen", async () => handedOut.AddRange(await world.NewInstance().Inbox.ListenAsync("ci_1", "journey", Token)));
        interleaving.Add("sweep", () => world.NewInstance().Sweep.RunAsync(world.Engine, Token));

        foreach (var failure in await interleaving.RunAsync())
            world.Check(false, failure.ToString());
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await world.NewInstance().Sweep.RunAsync(world.Engine, Token);
        world.Check(handedOut.Count > 0 || journey.Received > 0, "it was answered with success and never came");
        Collect(world.Wrong);
    }

    /// <summary>A caller, and the same request again a while later: its process may have died.</summary>
    private static void Calls(World world, Func<AppInstance, Task<IResult>> start)
    {
        world.Interleaving.Add("caller", () => start(world.NewInstance()));
        world.Later("again", start);
    }

    private static bool IsOver(World world, string id) => world.Engine.Find(id) is { IsOver: true };

    private static string CashIn(World world) => (string)world.Oms.CashIns[0]["id"]!;

    private static string? Customer(World world)
        => world.Oms.Customers is [var customer, ..] ? $$"""{ "id": "{{customer["id"]}}", "object": "customer" }""" : null;

    private static Task<IResult> StartAsync(AppInstance instance, World world, string mail)
    {
        var applicant = System.Text.Json.Nodes.JsonNode.Parse(Ana)!;
        applicant["email"] = $"{mail}example.test";
        return instance.Onboard.StartOnboarding(
            AppInstance.Request(new { applicant }, "order-1"), world.Engine, Token);
    }

    /// <summary>What a process leaves behind that dies between the two writes of a start.</summary>
    private static Task<bool> StoreOnlyAsync(World world) => world.NewInstance().Intakes.AddAsync(
        new()
        {
            InstanceId = "onb-lost",
            Orchestration = OnboardingWorkflow.Name,
            Input = """{ "Options": { "Poll": "00:10:00", "GiveUpAfter": "00:45:00" } }""",
            ReceivedAt = world.Clock.GetUtcNow().AddHours(-1),
            Applicant = new(new Applicant { ExternalId = "user-lost" }),
        },
        Token);

    private void Collect(IEnumerable<string> wrong)
    {
        foreach (var each in wrong.Take(5 - _wrong.Count))
            if (!_wrong.Contains(each))
                _wrong.Add(each);
    }
}
