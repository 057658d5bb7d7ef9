using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using OmsWorkflows.Local.AppHost.Calls;
using OmsWorkflows.Machines;

namespace OmsWorkflows.Console.Tests;

/// <summary>The app, the sandbox and the emulator as processes, and a Chromium: what every test of the console stands on.</summary>
public sealed class Ground : LocalMachine
{
    private readonly Lazy<Task<IReadOnlyList<string>>> _late;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public Ground() => _late = new(MakeLateAsync);

    /// <summary>Codes expire only when the sandbox's clock is moved; a conversion that is held up needs a person within seconds.</summary>
    internal override MachineSettings Settings => new()
    {
        Sandbox = new Dictionary<string, string>
        {
            ["Sandbox:EndorsementDelay"] = "00:00:00.2",
            ["Sandbox:ConversionDelay"] = "00:00:00.5",
            ["Sandbox:FirstWebhookDelay"] = "00:00:00.02",
            ["Sandbox:ExpirySweep"] = "00:00:01",
            ["Sandbox:TokenLifetime"] = "30.00:00:00",
        },
        App = new Dictionary<string, string>
        {
            ["Oms:VirtualAccounts"] = "true",
            ["Onboarding:Poll"] = "00:00:01",
            ["CashIns:MaxRefreshRounds"] = "0",
            ["CashIns:SettlementPoll"] = "00:00:01",
            ["CashIns:SettlementAlarm"] = "00:00:03",
            ["CashIns:SettlementLimit"] = "00:00:04",
            ["Webhooks:DeadLetterAfter"] = "00:01:00",
            ["Ledger:SettleWithin"] = "00:01:00",
            // Nobody listens there, and one try is enough.
            ["Notifications:Endpoints:team"] = "http://127.0.0.1:9/told",
            ["Notifications:CurrentSecret"] = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
            ["Notifications:RetryFor"] = "00:00:00",
        },
    };

    internal IBrowser Browser => _browser ?? throw new InvalidOperationException("The browser has not started.");

    /// <summary>
    /// Journeys that were closed before their money came; after a minute or two it is unclaimed, and their events are dead letters.
    /// </summary>
    internal Task<IReadOnlyList<string>> LateJourneysAsync() => _late.Value;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        (_playwright, _browser) = await Chromium.LaunchAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A cash-in whose conversion takes so long that an operator has to look.</summary>
    internal async Task<string> StartHeldUpAsync()
    {
        await Sandbox.PostAsync("/_sim/conversions/next", new { delay = "01:00:00" });
        var id = await StartCashInAsync();
        await PayAsync(id, 120m);
        await UntilPhaseAsync(id, "NeedsReview");
        return id;
    }

    /// <summary>A cash-in that is paid and booked.</summary>
    internal async Task<JourneyDocument> BookedAsync()
    {
        var id = await StartCashInAsync();
        await PayAsync(id, 120m);
        return await UntilPhaseAsync(id, "Completed");
    }

    /// <summary>A wire of 120 USD to a virtual account of the customer, until it is booked.</summary>
    internal async Task SendFromBankAsync(string customerId)
    {
        using var opened = await PostAsync($"customers/{customerId}/virtual-account", new { });
        var account = await opened.Content.ReadFromJsonAsync<Started>() ?? throw new InvalidOperationException("The account has no id.");
        await Sandbox.PostAsync($"/_sim/virtual-accounts/{account.Id}/deposits", new { amount = "120.00", rail = "wire" });
        await UntilAsync<Listed>($"deposits?customerId={customerId}", page => page.Data.Count > 0);
    }

    /// <summary>A payout that waits for its price to be confirmed.</summary>
    internal async Task<string> StartPayoutAsync()
    {
        var booked = await BookedAsync();
        var customerId = booked.NeedCustomerId();
        var order = new
        {
            customerId,
            walletId = booked.NeedWallet().Id,
            externalAccountId = await Sandbox.BankAccountAsync(customerId),
            send = "25.00",
        };
        using var response = await PostAsync("payouts", order);
        response.IsSuccessStatusCode.Should().BeTrue();
        var started = await response.Content.ReadFromJsonAsync<Started>() ?? throw new InvalidOperationException("The payout has no id.");
        await UntilAsync($"payouts/{started.Id}", document => document.Phase == "AwaitingConfirmation");
        return started.Id;
    }

    private async Task<IReadOnlyList<string>> MakeLateAsync()
    {
        string[] late = [await CloseTooEarlyAsync(), await CloseTooEarlyAsync()];
        await Sandbox.AdvanceAsync("02:00:00");
        return late;
    }

    private async Task<string> CloseTooEarlyAsync()
    {
        var id = await StartHeldUpAsync();
        await App.CommandAsync(id, "resolve?outcome=NotMoved&reference=T-1&reason=closed+too+early", default);
        await UntilPhaseAsync(id, "Failed");
        return id;
    }

    private sealed record Started(string Id);

    private sealed record Listed(IReadOnlyList<JsonElement> Data);
}
