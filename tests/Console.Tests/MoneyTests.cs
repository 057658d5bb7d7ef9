using System.Text.Json;
using Microsoft.Playwright;

namespace OmsWorkflows.Console.Tests;

[Collection(Grounds.Money)]
public sealed class MoneyTests(Ground ground) : ConsoleTest(ground)
{
    private ILocator Rows => Page.Locator(".view tbody tr");

    [Fact]
    public async Task Settlements_NobodyClaims_AreAttachedOrMarkedAsHandled()
    {
        await LateAsync("operations/settlements?state=unclaimed");
        var journey = (await Ground.BookedAsync()).Id;
        await OpenAsync("money");
        await Expect(Rows).ToHaveCountAsync(2);
        await Expect(Rows.First).ToContainTextAsync("117.70 USDC");
        await ShootAsync("money-unclaimed");

        await Button("Attach").First.ClickAsync();
        await InDialog("Credit it").ClickAsync();
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Journey is needed");
        await Dialog.GetByLabel("Journey").FillAsync("ci-nobody");
        await Dialog.GetByLabel("Reference").FillAsync("ask Ana Reyes");
        await InDialog("Credit it").ClickAsync();
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("reference must be a ticket number");
        await Dialog.GetByLabel("Reference").FillAsync("TICKET-1");
        await InDialog("Credit it").ClickAsync();
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("There is no such journey");
        await ShootAsync("dialog-attach");
        await Dialog.GetByLabel("Journey").FillAsync(journey);
        await InDialog("Credit it").ClickAsync();
        await Expect(Said).ToContainTextAsync("The settlement is credited.");

        await Expect(Rows).ToHaveCountAsync(1);
        await Button("Handled").ClickAsync();
        await Dialog.GetByLabel("Reference").FillAsync("TICKET-2");
        await InDialog("Mark as handled").ClickAsync();
        await Expect(Page.GetByText("No money waits for anybody.")).ToBeVisibleAsync();

        await Page.GetByLabel("State").SelectOptionAsync("Attached");
        await Expect(Rows).ToContainTextAsync("TICKET-1");
        await Expect(Rows).ToContainTextAsync(journey);
        await Page.GetByLabel("State").SelectOptionAsync("Handled");
        await Expect(Rows).ToContainTextAsync("TICKET-2");
    }

    [Fact]
    public async Task DeadLetters_AreDeliveredAgain_ToAJourneyThatIsNamed()
    {
        await LateAsync("operations/dead-letters");
        var journey = await Ground.StartCashInAsync();
        await Ground.UntilPhaseAsync(journey, "AwaitingDeposit");
        await OpenAsync("money/dead-letters");
        await Expect(Rows.First).ToBeVisibleAsync();
        var before = await Rows.CountAsync();
        await ShootAsync("money-dead-letters");

        await Button("Deliver again").First.ClickAsync();
        await InDialog("Deliver").ClickAsync();
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("No journey got the event");
        await Dialog.GetByLabel("Journey").FillAsync(journey);
        await InDialog("Deliver").ClickAsync();

        await Expect(Said).ToContainTextAsync("Delivered to 1 journey.");
        await Expect(Rows).ToHaveCountAsync(before - 1);
    }

    [Fact]
    public async Task Notifications_NobodyTook_AreToldAgain()
    {
        await LateAsync("operations/notifications/dead-letters");
        await OpenAsync("money/notifications");
        await Expect(Rows.First).ToContainTextAsync("team");
        await Expect(Rows.First).ToContainTextAsync("ConnectionError, 1 try");
        await ShootAsync("money-notifications");

        await Button("Tell again").First.ClickAsync();
        await InDialog("Tell").ClickAsync();
        await Expect(Said).ToContainTextAsync("1 queued.");

        await Button("Tell team all again").ClickAsync();
        await InDialog("Tell").ClickAsync();
        await Expect(Said).ToContainTextAsync("queued.");
    }

    [Fact]
    public async Task Reconciliation_OfASpan_ShowsSumsAndWhatDiffers()
    {
        await LateAsync("operations/settlements?state=unclaimed", orHandled: true);
        await OpenAsync("money/reconciliation");

        await Expect(Panel("Sums")).ToContainTextAsync("USDC");
        await Page.GetByLabel("From").FillAsync("2020-01-01T00:00");
        await Page.GetByLabel("To").FillAsync("2020-01-02T00:00");
        await Button("Compare").ClickAsync();

        await Expect(Page.GetByText("OMS settled nothing in this time.")).ToBeVisibleAsync();
        await Expect(Page.GetByText("Balanced.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Reconciliation_OfASpanTooLong_SaysSo()
    {
        await OpenAsync("money/reconciliation?from=2020-01-01T00:00&to=2021-01-01T00:00");

        await Expect(Page.Locator(".problem")).ToContainTextAsync("at most 31 days");
    }

    [Fact]
    public async Task Webhook_IsPausedRotatedFinishedDeletedAndRegistered()
    {
        await OpenAsync("money/webhook");

        await DoAsync("Pause", "Pause", "Deliveries are paused.");
        await Expect(Page.GetByText("paused", new() { Exact = true })).ToBeVisibleAsync();
        await DoAsync("Resume", "Resume", "Deliveries are on.");
        await DoAsync("Rotate the secret", "Rotate", "The next endpoint is registered.");
        await Expect(Page.Locator(".panel")).ToHaveCountAsync(2);
        await ShootAsync("money-webhook");
        await DoAsync("Finish the rotation", "Finish", "The older endpoint is deleted.");
        await Expect(Page.Locator(".panel")).ToHaveCountAsync(1);
        await DoAsync("Delete", "Delete", "The endpoint is deleted.");
        await Expect(Page.GetByText("OMS knows no endpoint")).ToBeVisibleAsync();
        await DoAsync("Register", "Register", "Registered.");
        await Expect(Page.Locator(".panel")).ToHaveCountAsync(1);
    }

    private async Task DoAsync(string button, string confirmation, string said)
    {
        await Button(button).First.ClickAsync();
        await InDialog(confirmation).ClickAsync();
        await Expect(Said).ToContainTextAsync(said);
    }

    /// <summary>
    /// Waits for the money of the journeys that were closed too early: nobody may claim it for a minute, then the sweep finds it.
    /// </summary>
    private async Task LateAsync(string path, bool orHandled = false)
    {
        await Ground.LateJourneysAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (true)
        {
            var found = (await Ground.App.GetAsync<Listed>(path, limit.Token)).Data.Count;
            if (found >= 2 || (orHandled && found == 0))
            {
                return;
            }

            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private sealed record Listed(IReadOnlyList<JsonElement> Data);
}
