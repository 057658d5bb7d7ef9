using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using OmsWorkflows.EndToEnd;
using OmsWorkflows.Local.AppHost.Services;

namespace OmsWorkflows.Console.Tests;

/// <summary>The app, the sandbox and the emulator as processes, and a Chromium: what every test of the console stands on.</summary>
public sealed class Ground : LocalMachine, IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Codes expire only when the sandbox's clock is moved; a conversion that is held up needs a person within seconds.</summary>
    internal override MachineSettings Settings => new()
    {
        Sandbox = new Dictionary<string, string>
        {
            ["Sandbox:ConversionDelay"] = "00:00:01",
            ["Sandbox:ExpirySweep"] = "00:00:01",
            ["Sandbox:TokenLifetime"] = "30.00:00:00",
        },
        App = new Dictionary<string, string>
        {
            ["Onboarding:Poll"] = "00:00:01",
            ["CashIns:MaxRefreshRounds"] = "0",
            ["CashIns:SettlementPoll"] = "00:00:01",
            ["CashIns:SettlementAlarm"] = "00:00:04",
            ["CashIns:SettlementLimit"] = "00:00:06",
            ["Webhooks:DeadLetterAfter"] = "00:01:00",
            ["Ledger:SettleWithin"] = "00:01:00",
            // Nobody listens there, and one try is enough.
            ["Notifications:Endpoints:team"] = "http://127.0.0.1:9/told",
            ["Notifications:CurrentSecret"] = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
            ["Notifications:RetryFor"] = "00:00:00",
        },
    };

    internal IBrowser Browser => _browser ?? throw new InvalidOperationException("The browser has not started.");

    /// <summary>Transactions whose journeys were closed before their money came; after a minute or two it is unclaimed, and their events are dead letters.</summary>
    internal IReadOnlyList<string> LateJourneys { get; private set; } = [];

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Headless = true, Args = Arguments });
        Assertions.SetDefaultExpectTimeout(20_000);
        LateJourneys = [await LateMoneyAsync(), await LateMoneyAsync()];
        await AdvanceAsync("02:00:00");
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        await DisposeAsync();
    }

    /// <summary>Moves the sandbox's clock; what falls due happens before this returns.</summary>
    internal Task AdvanceAsync(string time) => Sandbox.PostAsync("/_sim/clock", new JsonObject { ["advance"] = time });

    /// <summary>A cash-in whose conversion takes so long that an operator has to look.</summary>
    internal async Task<string> StartHeldUpAsync()
    {
        await Sandbox.PostAsync("/_sim/conversions/next", new JsonObject { ["delay"] = "01:00:00" });
        var id = await StartCashInAsync();
        await PayAsync(id, 120m);
        await UntilPhaseAsync(id, "NeedsReview");
        return id;
    }

    /// <summary>A cash-in that is paid and booked.</summary>
    internal async Task<JsonObject> BookedAsync()
    {
        var id = await StartCashInAsync();
        await PayAsync(id, 120m);
        return await UntilPhaseAsync(id, "Completed");
    }

    /// <summary>A payout that waits for its price to be confirmed.</summary>
    internal async Task<string> StartPayoutAsync()
    {
        var booked = await BookedAsync();
        var customerId = booked["customerId"]!.GetValue<string>();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/payouts")
        {
            Content = JsonContent.Create(new JsonObject
            {
                ["customerId"] = customerId,
                ["walletId"] = booked["wallet"]!["id"]!.GetValue<string>(),
                ["externalAccountId"] = await Sandbox.BankAccountAsync(customerId),
                ["send"] = "25.00",
            }),
        };
        request.Headers.Add("Idempotency-Key", $"{Guid.NewGuid():N}");
        using var response = await App.Http.SendAsync(request);
        var id = (await response.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<string>();
        await UntilAsync($"payouts/{id}", document => Phase(document) == "AwaitingConfirmation");
        return id;
    }

    private async Task<string> LateMoneyAsync()
    {
        var id = await StartHeldUpAsync();
        await App.CommandAsync(id, "resolve", default);
        await UntilPhaseAsync(id, "Failed");
        return id;
    }
}

/// <summary>Names the collection all tests belong to.</summary>
[CollectionDefinition(Name)]
public sealed class OneGround : ICollectionFixture<Ground>
{
    public const string Name = "The console";
}
