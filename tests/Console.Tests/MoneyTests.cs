using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using OmsWorkflows.Machines;

namespace OmsWorkflows.Console.Tests;

[Collection(Grounds.Money)]
public sealed class MoneyTests(Ground ground) : ConsoleTest(ground)
{
    private ILocator Rows => Page.Locator(".view tbody tr");

    [Fact]
    public async Task Settlements_NobodyClaims_AreAttachedOrMarkedAsHandled()
    {
        await LateAsync("operations/settlements?state=unclaimed");
        var other = (await Ground.BookedAsync()).Id;
        await OpenAsync("money");
        await Expect(Rows).ToHaveCountAsync(2);
        await Expect(Rows.First).ToContainTextAsync("117.70 USDC");
        await ShootAsync("money-unclaimed");

        await Button("Attach").First.ClickAsync();
        await InDialog("Credit it").ClickAsync();
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Journey is needed");
        await Dialog.GetByLabel("Journey").FillAsync("ci-nobody");
        await Dialog.GetByLabel("Reference").FillAsync("ask Ana Reyes");
        await Dialog.GetByLabel("Reason").FillAsync("late cash");
        await InDialog("Credit it").ClickAsync();
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("reference must be a ticket number");
        await Dialog.GetByLabel("Reference").FillAsync("TICKET-1");
        await InDialog("Credit it").ClickAsync();
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("There is no such journey");
        await ShootAsync("dialog-attach");
        await Dialog.GetByLabel("Journey").FillAsync(other);
        await InDialog("Credit it").ClickAsync();
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("The journey is not of the settlement's customer");
        var journey = await OwnerAsync(await Rows.First.Locator("code").First.InnerTextAsync());
        await Dialog.GetByLabel("Journey").FillAsync(journey);
        await InDialog("Credit it").ClickAsync();
        await Expect(Said).ToContainTextAsync("The settlement is credited.");

        await Expect(Rows).ToHaveCountAsync(1);
        await Button("Handled").ClickAsync();
        await Dialog.GetByLabel("Reference").FillAsync("TICKET-2");
        await InDialog("Mark as handled").ClickAsync();
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Reason is needed");
        await Dialog.GetByLabel("Reason").FillAsync("paid back at the store");
        await InDialog("Mark as handled").ClickAsync();
        await Expect(Page.GetByText("No money waits for anybody.")).ToBeVisibleAsync();

        await Page.GetByLabel("State").SelectOptionAsync("Attached");
        await Expect(Rows).ToContainTextAsync("TICKET-1");
        await Expect(Rows).ToContainTextAsync(journey);
        await Page.GetByLabel("State").SelectOptionAsync("Handled");
        await Expect(Rows).ToContainTextAsync("paid back at the store (TICKET-2)");
        await Expect(Rows).ToContainTextAsync("function key");
        await ShootAsync("money-handled");

        await Button("Undo").ClickAsync();
        await Dialog.GetByLabel("Reference").FillAsync("TICKET-3");
        await Dialog.GetByLabel("Reason").FillAsync("wrong one");
        await InDialog("Undo").ClickAsync();
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("This takes two people, and a function key names nobody");

        await OpenJourneyAsync(journey);
        await Expect(Panel("Done by people")).ToContainTextAsync("late cash (TICKET-1)");
        await ShootAsync("journey-acted");
    }

    [Fact]
    public async Task Decisions_ThatWaitForASecondPerson_AreShownAndConfirmed()
    {
        const string settlement = """
            {"transactionId":"txn_two","cashInId":"ci_two","customerId":"cst_two","gross":"120.00","fees":"2.30","net":"117.70",
            "asset":"usdc","network":"polygon","settledAt":"2026-06-10T14:00:00Z","state":"Unclaimed","reason":"NotBooked",
            "recordedAt":"2026-06-10T14:00:00Z"}
            """;
        var pending = $$"""
            {"action":"handled","subject":"txn_two","by":"7d1c1c1e-0000-4000-8000-000000000001","reference":"TICKET-9","reason":"paid back",
            "at":"{{DateTimeOffset.UtcNow:O}}","expiresAt":"{{DateTimeOffset.UtcNow.AddHours(5):O}}"}
            """;
        await AnswerAsync("**/api/operations/decisions", $$"""{"data":[{{pending}}]}""");
        var waiting = $"{settlement.TrimEnd()[..^1]},\"pending\":[{pending}]}}";
        await AnswerAsync("**/api/operations/settlements?*", $$"""{"data":[{{waiting}}],"hasMore":false}""");
        await AnswerAsync("**/api/operations/settlements/txn_two/handled?*", pending, status: 202);

        await OpenAsync("money/decisions");
        await Expect(Rows).ToContainTextAsync("paid back (TICKET-9)");
        await Rows.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(Rows).ToContainTextAsync(
            "Waits for a second person: handled, proposed by 7d1c…00000001, because: paid back (TICKET-9)");
        await ShootAsync("money-two-people");
        await Button("Handled").ClickAsync();
        await Dialog.GetByLabel("Reference").FillAsync("TICKET-9");
        await Dialog.GetByLabel("Reason").FillAsync("looked at it too");
        await InDialog("Mark as handled").ClickAsync();

        await Expect(Said).ToContainTextAsync("Somebody else has to say the same");
    }

    [Fact]
    public async Task DeadLetters_GoToNoOtherJourney_AndAreDismissed()
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
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("The event is about another journey");
        await Dialog.GetByLabel("Journey").FillAsync((await Ground.LateJourneysAsync())[0]);
        await InDialog("Deliver").ClickAsync();
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("The journey is over");
        await InDialog("Leave it").ClickAsync();

        await Button("Dismiss").First.ClickAsync();
        await Dialog.GetByLabel("Reason").FillAsync("its journey is over");
        await InDialog("Dismiss").ClickAsync();

        await Expect(Said).ToContainTextAsync("Dismissed.");
        await Expect(Rows).ToHaveCountAsync(before - 1);
    }

    [Fact]
    public async Task DeadLetter_ThatAJourneyTakes_SaysSo()
    {
        await AnswerAsync(
            "**/api/operations/dead-letters?*",
            """
            {"data":[{"resourceId":"ci_1","deliveryId":"whd_1","name":"cashIn.completed","status":"completed",
              "receivedAt":"2026-06-10T14:00:00Z"}]}
            """);
        await AnswerAsync("**/api/operations/dead-letters/redrive*", """{"reached":1}""");
        await OpenAsync("money/dead-letters?after=x");

        await DoAsync("Deliver again", "Deliver", "Delivered to 1");
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

    private async Task AnswerAsync(string path, string body, int status = 200)
        => await Page.RouteAsync(path, route => route.FulfillAsync(
            new() { Status = status, ContentType = "application/json", Body = body }));

    /// <summary>Which of the late journeys a transaction belongs to.</summary>
    private async Task<string> OwnerAsync(string transactionId)
    {
        var settlement = await Ground.App.GetAsync<JsonObject>($"operations/settlements/{transactionId}", default);
        foreach (var id in await Ground.LateJourneysAsync())
        {
            var journey = await Ground.App.GetAsync<JsonObject>($"cash-ins/{id}", default);
            if (journey["cashInId"]!.GetValue<string>() == settlement["cashInId"]!.GetValue<string>())
            {
                return id;
            }
        }

        throw new InvalidOperationException($"{transactionId} is none of the late ones.");
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
        using var limit = new CancellationTokenSource(Limits.Wait);
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
