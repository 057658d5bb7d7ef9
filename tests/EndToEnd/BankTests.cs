using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using OmsWorkflows.Local.AppHost.Calls;
using OmsWorkflows.Local.AppHost.Demo;
using OmsWorkflows.Machines;

namespace OmsWorkflows.EndToEnd;

/// <summary>
/// A store that is chosen, and bank money both ways, over real processes that are killed in between; at the end the sums agree.
/// </summary>
public sealed class BankTests(BankTests.Ground ground) : IClassFixture<BankTests.Ground>
{
    private const string Booked = nameof(Booked);
    private const string Returned = nameof(Returned);
    private const string NearNewYork = "cash-locations?provider=greendot&latitude=40.7440&longitude=-73.9910";

    public sealed class Ground : LocalMachine
    {
        internal ReceiverProcess Receiver { get; } = new();

        internal override MachineSettings Settings => new()
        {
            Sandbox = new Dictionary<string, string>
            {
                // A reference has aged by the time the person is onboarded.
                ["Sandbox:LocationReferenceLifetime"] = "00:00:01",
                ["Sandbox:EndorsementDelay"] = "00:00:02",
                ["Sandbox:ConversionDelay"] = "00:00:02",
                ["Sandbox:RetrySchedule"] = $"00:00:00,{RetriesSoon}",
            },
            App = new Dictionary<string, string>
            {
                ["Oms:VirtualAccounts"] = "true",
                ["Payouts:Poll"] = "00:00:02",
                ["Notifications:Endpoints:team"] = Receiver.Url,
                ["Notifications:CurrentSecret"] = Receiver.Secret,
            },
        };

        public override async ValueTask InitializeAsync()
        {
            Receiver.Start();
            await base.InitializeAsync();
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            Receiver.Dispose();
        }
    }

    [Fact]
    public async Task Store_ChosenFromTheList_TakesTheCashAlthoughItsReferenceHasAged()
    {
        var second = (await ground.App.GetAsync<JsonObject>(NearNewYork, default)).ElementAt("data", 1);
        var body = Story.CashIn($"user-{Guid.NewGuid():N}");
        body["location"] = second;

        var started = await ground.App.StartCashInAsync(body, $"e2e-{Guid.NewGuid():N}", default);
        await ground.PayAsync(started.Id, 120m);

        var done = await ground.UntilPhaseAsync(started.Id, "Completed");
        LocalMachine.ShouldBeBooked(done);
        second.Deserialize<Store>(JsonSerializerOptions.Web)!.Name.Should().Be(done.NeedDeposit().LocationName);
        await ShouldBeBalancedAsync();
    }

    [Fact]
    public async Task Amount_BeyondTheLimitsOfTheChosenStore_IsRefusedByItsField()
    {
        var body = Story.CashIn($"user-{Guid.NewGuid():N}");
        body["location"] = (await ground.App.GetAsync<JsonObject>(NearNewYork, default)).ElementAt("data", 0);
        body["indicatedAmount"] = "500.01";

        using var refused = await ground.PostAsync("cash-ins", body);

        refused.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await ProblemView.ReadAsync(refused)).Errors.Keys.Should().Equal("indicatedAmount");
    }

    [Fact]
    public async Task Deposits_ThatRaceACashInAndAreTakenBack_AreBookedAndToldWithoutAnyCallAndOnce()
    {
        var (customer, wallet) = await CustomerAsync();
        var account = await OpenAccountAsync(customer);
        account.WalletId.Should().Be(wallet);

        // The same amount over the counter, by wire, and twice by ACH, of which the bank takes one back.
        var racing = Story.CashIn("");
        racing.Remove("applicant");
        racing["customerId"] = customer;
        var cashIn = (await ground.App.StartCashInAsync(racing, $"e2e-{Guid.NewGuid():N}", default)).Id;
        await ground.PayAsync(cashIn, 120m);
        await SendAsync(account, "wire");
        await SendAsync(account, "ach");
        await SendAsync(account, "ach");
        await RestartAsync();

        var three = await UntilAsync(customer, deposits => deposits.Count(deposit => deposit.State == Booked) == 3);
        three.Should().OnlyContain(deposit => deposit.Gross == 120.00m && deposit.Net == 119.40m);
        await ground.UntilPhaseAsync(cashIn, "Completed");

        var takenBack = three.First(deposit => deposit.Rail == "ach").TransactionId;
        await ground.Sandbox.ReturnDepositAsync(takenBack);
        await RestartAsync();
        var left = await UntilAsync(customer, deposits => deposits.Any(deposit => deposit.State == Returned));
        left.Count(deposit => deposit.State == Booked).Should().Be(2);
        left.Single(deposit => deposit.State == Returned).Should().BeEquivalentTo(
            new { TransactionId = takenBack, ReturnCode = "deposit_returned" });

        foreach (var deposit in left)
            await ShouldBeToldAsync(deposit);

        (await ground.Sandbox.BalanceAsync(wallet)).Should().Be(
            "474.200000", "117.70 came over the counter twice, and 119.40 from the bank twice");
        await ShouldBeBalancedAsync();
    }

    [Fact]
    public async Task VirtualAccount_OpenedTwice_IsOne()
    {
        var (customer, _) = await CustomerAsync();

        var first = await OpenAccountAsync(customer);
        var second = await OpenAccountAsync(customer);

        second.Should().Be(first);
        (await ground.App.GetAsync<Account>($"customers/{customer}/virtual-account", default)).Should().Be(first);
        first.BankDetails.AccountNumber.Should().NotBeEmpty();
    }

    [Fact]
    public async Task Payouts_ToABankAndACardAndAsCash_ArriveOnceAndOneComesBack()
    {
        var (customer, wallet) = await CustomerAsync();
        var accounts = (await ground.App.GetAsync<Page<External>>($"customers/{customer}/external-accounts", default)).Data;
        accounts.Should().OnlyContain(account => account.Payable);
        var bank = accounts.Single(account => account.Type == "usBank");
        var card = accounts.Single(account => account.Type == "debitCard");
        card.Networks.Should().Equal("card");

        var toBank = await PayOutAsync(customer, wallet, "10.00", "externalAccountId", bank.Id);
        var toCard = await PayOutAsync(customer, wallet, "20.00", "externalAccountId", card.Id);
        var store = (await ground.App.GetAsync<JsonObject>(NearNewYork + "&flow=CashOut", default)).ElementAt("data", 0);
        var asCash = await PayOutAsync(customer, wallet, "30.00", "location", store);
        await RestartAsync();

        var ready = Pickup.Of(await UntilPhaseAsync(asCash, "AwaitingPickup"));
        ready.ExpiresAt.Should().BeAfter(DateTimeOffset.UtcNow);
        var listed = await ground.App.GetAsync<JsonObject>($"payouts?customerId={customer}", default);
        listed.ToJsonString().Should().Contain("AwaitingPickup").And.NotContain(ready.Code, "whoever has the code has the cash");
        await ground.Sandbox.PostAsync("/_sim/cash-pickups", new { code = ready.Code });
        (await UntilPhaseAsync(asCash, "Completed")).Ended.Should().BeTrue();

        (await UntilPhaseAsync(toCard, "Completed")).NeedPayout().Received.Should().Be(19.80m);
        var landed = await UntilPhaseAsync(toBank, "Completed");
        landed.Ended.Should().BeFalse("the bank can still send it back");
        await ground.Sandbox.PostAsync($"/_sim/transactions/{Pickup.TransactionOf(landed)}/return", new { });
        await RestartAsync();
        (await UntilPhaseAsync(toBank, "Failed")).NeedReason().Code.Should().Be("payout_returned");

        (await ground.Sandbox.BalanceAsync(wallet)).Should().Be(
            "67.600000", "117.70 came in; 20 and 30 went out, and of 10 the bank sent 9.90 back");
        await ShouldBeBalancedAsync();
    }

    /// <summary>A customer whose wallet holds 117.70.</summary>
    private async Task<(string Customer, string Wallet)> CustomerAsync()
    {
        var cashIn = await ground.StartCashInAsync();
        await ground.PayAsync(cashIn, 120m);
        var done = await ground.UntilPhaseAsync(cashIn, "Completed");
        return (done.NeedCustomerId(), done.NeedWallet().Id);
    }

    private async Task<Account> OpenAccountAsync(string customer)
    {
        using var opened = await ground.PostAsync($"customers/{customer}/virtual-account", new { });
        opened.IsSuccessStatusCode.Should().BeTrue("{0}", await opened.Content.ReadAsStringAsync());
        opened.Headers.CacheControl!.NoStore.Should().BeTrue();
        return (await opened.Content.ReadFromJsonAsync<Account>())!;
    }

    private Task SendAsync(Account account, string rail)
        => ground.Sandbox.PostAsync($"/_sim/virtual-accounts/{account.Id}/deposits", new { amount = "120.00", rail });

    private async Task<IReadOnlyList<Deposit>> UntilAsync(string customer, Func<IReadOnlyList<Deposit>, bool> wanted)
        => (await ground.UntilAsync<Page<Deposit>>($"deposits?customerId={customer}", page => wanted(page.Data))).Data;

    /// <summary>As it is listed, in order, and verified by a receiver of its own; nothing else.</summary>
    private async Task ShouldBeToldAsync(Deposit deposit)
    {
        string[] types = deposit.State == Returned ? ["deposit.booked", "deposit.returned"] : ["deposit.booked"];
        var told = await ground.Receiver.UntilToldAsync(deposit.TransactionId, types.Length);
        told.Select(notification => notification.Type).Should().Equal(types);
        told.Select(notification => notification.Sequence).Should().Equal(types.Select((_, index) => index + 1L));
        told[^1].Data.Deserialize<Deposit>(JsonSerializerOptions.Web).Should().Be(deposit);
    }

    private async Task<string> PayOutAsync(string customer, string wallet, string send, string target, JsonNode to)
    {
        var order = new JsonObject
        {
            ["customerId"] = customer,
            ["walletId"] = wallet,
            ["send"] = send,
            ["autoConfirm"] = true,
            [target] = to,
        };
        using var started = await ground.PostAsync("payouts", order);
        started.StatusCode.Should().Be(HttpStatusCode.Accepted, "{0}", await started.Content.ReadAsStringAsync());
        return (await started.Content.ReadFromJsonAsync<Item>())!.Id;
    }

    private Task<JourneyDocument> UntilPhaseAsync(string payout, string phase)
        => ground.UntilAsync($"payouts/{payout}", document => document.Phase == phase);

    private async Task RestartAsync()
    {
        await ground.Machine.App.KillAsync();
        await ground.Machine.App.StartAsync(default);
        await ground.App.WaitUntilReadyAsync(default);
    }

    /// <summary>What the sandbox says it settled, and did not take back, is what the app credited.</summary>
    private async Task ShouldBeBalancedAsync()
    {
        var report = await ground.UntilAsync<Report>(
            "operations/reconciliation", each => each is { Balanced: true, InFlight.Count: 0 });
        report.Totals.Should().ContainSingle().Which.Credited.Should().Be(await ground.Sandbox.SettledAsync());
    }

    private sealed record Item(string Id);

    private sealed record Store(string Name);

    private sealed record Page<T>(IReadOnlyList<T> Data);

    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    private sealed record Deposit(
        string TransactionId, string State, string Rail, decimal Gross, decimal Net, string? ReturnCode);

    private sealed record Account(string Id, string WalletId, Details BankDetails);

    private sealed record Details(string AccountNumber);

    private sealed record External(string Id, string Type, bool Payable, IReadOnlyList<string> Networks);

    private sealed record Report(bool Balanced, IReadOnlyList<Total> Totals, IReadOnlyList<string> InFlight);

    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    private sealed record Total(decimal Credited);

    /// <summary>Cash that lies ready, as <c>GET /api/payouts/{id}</c> shows it.</summary>
    private sealed record Pickup(string Code, DateTimeOffset ExpiresAt)
    {
        public static Pickup Of(JourneyDocument payout)
            => payout.Raw["payout"]!["pickup"].Deserialize<Pickup>(JsonSerializerOptions.Web)!;

        public static string TransactionOf(JourneyDocument payout) => payout.Raw["payout"]!["transactionId"]!.GetValue<string>();
    }
}

/// <summary>Picks from answers that are handed back as they are.</summary>
internal static class JsonPicks
{
    public static JsonNode ElementAt(this JsonObject page, string list, int index) => page[list]![index]!.DeepClone();
}
