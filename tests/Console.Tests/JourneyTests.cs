using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OmsWorkflows.Local.AppHost.Calls;

namespace OmsWorkflows.Console.Tests;

[Collection(Grounds.Journeys)]
public sealed class JourneyTests(Ground ground) : ConsoleTest(ground)
{
    [Fact]
    public async Task Journey_ThatWaitsForCash_ShowsCodeStoreAndTimeLeft()
    {
        var id = await Ground.StartCashInAsync();
        var document = await Ground.UntilPhaseAsync(id, "AwaitingDeposit");

        await OpenJourneyAsync(id);

        await Expect(Headline).ToContainTextAsync("Awaiting deposit");
        await Expect(Panel("Deposit code")).ToContainTextAsync(document.NeedDeposit().Code);
        await Expect(Panel("Deposit code")).ToContainTextAsync("Corner Pharmacy");
        await Expect(Panel("Waits for")).ToContainTextAsync("cash on the deposit code");
        await Expect(Panel("Waits for").Locator("time[data-until]")).ToHaveTextAsync(new Regex("^in .*(min|h)"));
        await Expect(Panel("Endorsements").GetByText("ACTIVE")).ToHaveCountAsync(3);
        await Expect(Panel("Ids")).ToContainTextAsync($"{document.CashInId}");
        await ShootAsync("journey");
    }

    [Fact]
    public async Task Journey_WhileItIsOpen_ShowsHowItGoesOn()
    {
        var id = await Ground.StartCashInAsync();
        await Ground.UntilPhaseAsync(id, "AwaitingDeposit");
        await OpenJourneyAsync(id);
        await Expect(Headline).ToContainTextAsync("Awaiting deposit");
        await Page.EvaluateAsync("window.stayed = true");

        await Ground.PayAsync(id, 120m);

        await Expect(Headline).ToContainTextAsync("Completed");
        await Expect(Panel("Money")).ToContainTextAsync("117.70 USDC");
        await Expect(Panel("Money")).ToContainTextAsync("2.30 USD");
        await Expect(Page.Locator("#news")).ToHaveTextAsync("The journey is now Completed.");
        (await Page.EvaluateAsync<bool>("window.stayed")).Should().BeTrue("nothing was loaded anew");
        await ShootAsync("journey-completed");
    }

    [Fact]
    public async Task Journey_OfApplicantWithIssues_ShowsWhatIsMissing()
    {
        var id = await StartWithIssuesAsync();

        await OpenJourneyAsync(id);

        await Expect(Headline).ToContainTextAsync("Awaiting applicant");
        await Expect(Panel("Endorsements")).ToContainTextAsync("identifyingInformation");
        await ShootAsync("journey-issues");
    }

    [Fact]
    public async Task Journey_ThatFailed_SaysWhy()
    {
        var id = (await Ground.LateJourneysAsync())[0];

        await OpenJourneyAsync(id);

        await Expect(Page.Locator(".notice")).ToContainTextAsync("An operator closed the journey.");
        await Expect(Page.Locator(".notice")).ToContainTextAsync("resolved_by_operator");
        await Expect(Panel("Over")).ToContainTextAsync("It will not move again.");
    }

    [Fact]
    public async Task Journey_HasItsRawStatus_WhichStaysOpen()
    {
        var id = await Ground.StartCashInAsync();
        await Ground.UntilPhaseAsync(id, "AwaitingDeposit");
        await OpenJourneyAsync(id);

        await Page.GetByText("Status as the API answers it").ClickAsync();

        await Expect(Page.Locator("pre")).ToContainTextAsync($"\"id\": \"{id}\"");
        await Ground.PayAsync(id, 120m);
        await Expect(Page.Locator("pre")).ToContainTextAsync("\"phase\": \"Completed\"");
        await Expect(Page.Locator("pre")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Journey_WithPassedPhasesAndSilence_ShowsTimesCausesAndTheNextTry()
    {
        var id = await Ground.StartCashInAsync();
        await Ground.UntilPhaseAsync(id, "AwaitingDeposit");
        await Page.RouteAsync($"**/api/journeys/{id}", async route =>
        {
            var document = JsonNode.Parse(await (await route.FetchAsync()).TextAsync())?.AsObject() ?? [];
            var start = JourneyDocument.Of(document).ReceivedAt;
            document["passed"] = new JsonArray(
                new JsonObject { ["phase"] = "Accepted", ["at"] = start },
                new JsonObject { ["phase"] = "AwaitingEndorsements", ["at"] = start.AddSeconds(3), ["cause"] = "OMS made the customer" },
                new JsonObject { ["phase"] = "AwaitingDeposit", ["at"] = start.AddMinutes(2), ["cause"] = "told by webhook" });
            document["silence"] = new JsonObject
            {
                ["since"] = start.AddMinutes(3),
                ["cause"] = "503 Service Unavailable",
                ["route"] = "GET /cash-ins/{id}",
                ["nextTryAt"] = DateTimeOffset.UtcNow.AddMinutes(4),
            };
            await route.FulfillAsync(new() { ContentType = "application/json", Body = document.ToJsonString() });
        });

        await OpenJourneyAsync(id);

        await Expect(Page.Locator(".notice")).ToContainTextAsync("503 Service Unavailable on GET /cash-ins/{id}. Asked again in 3 min");
        await Expect(Panel("Timeline").Locator("li")).ToHaveCountAsync(3);
        await Expect(Panel("Timeline")).ToContainTextAsync("1 min 57 s");
        await Expect(Panel("Timeline")).ToContainTextAsync("told by webhook");
        await ShootAsync("journey-silence");
    }

    [Fact]
    public async Task Refresh_AfterItsConfirmation_ShowsAnotherCode()
    {
        var id = await Ground.StartCashInAsync();
        var before = (await Ground.UntilPhaseAsync(id, "AwaitingDeposit")).NeedDeposit().Code;
        await OpenJourneyAsync(id);

        await Button("New deposit code").ClickAsync();
        await Expect(Dialog).ToContainTextAsync("The code shown now stops working for good.");
        await InDialog("Make a new code").ClickAsync();

        await Expect(Said).ToContainTextAsync("A new code is asked for.");
        await Expect(Panel("Deposit code")).Not.ToContainTextAsync(before);
        await Expect(Panel("Deposit code")).ToContainTextAsync("once");
    }

    [Fact]
    public async Task Refresh_OfAnExpiredJourney_RevivesIt()
    {
        var id = await Ground.StartCashInAsync();
        await Ground.UntilPhaseAsync(id, "AwaitingDeposit");
        await Ground.Sandbox.AdvanceAsync("01:01:00");
        await OpenJourneyAsync(id);
        await Expect(Headline).ToContainTextAsync("Expired");
        await Expect(Panel("Deposit code")).ToContainTextAsync("Not payable now.");
        await ShootAsync("journey-expired");

        await Button("New deposit code").ClickAsync();
        await Expect(Dialog).ToContainTextAsync("The journey is revived");
        await InDialog("Make a new code").ClickAsync();

        await Expect(Headline).ToContainTextAsync("Awaiting deposit");
    }

    [Fact]
    public async Task Cancel_WhileACodeIsOut_SaysThatItStaysPayable()
    {
        var id = await Ground.StartCashInAsync();
        await Ground.UntilPhaseAsync(id, "AwaitingDeposit");
        await OpenJourneyAsync(id);

        await Button("Cancel").ClickAsync();
        await Expect(Dialog).ToContainTextAsync("OMS cannot call a deposit code back");
        await InDialog("Cancel the journey").ClickAsync();

        await Expect(Headline).ToContainTextAsync("cancel asked");
    }

    [Fact]
    public async Task Dialog_LeftWithEscape_DoesNothing()
    {
        var id = await Ground.StartCashInAsync();
        await Ground.UntilPhaseAsync(id, "AwaitingDeposit");
        await OpenJourneyAsync(id);
        await Button("Cancel").ClickAsync();

        await Page.Keyboard.PressAsync("Escape");

        await Expect(Dialog).ToHaveCountAsync(0);
        (await Ground.App.GetCashInAsync(id, default)).CancelRequested.Should().BeFalse();
    }

    [Fact]
    public async Task Command_ThatComesTooLate_SaysWhyAndStaysOpen()
    {
        var id = await Ground.StartCashInAsync();
        await Ground.UntilPhaseAsync(id, "AwaitingDeposit");
        await OpenJourneyAsync(id);
        await Button("New deposit code").ClickAsync();
        await Ground.PayAsync(id, 120m);
        await Ground.UntilPhaseAsync(id, "Completed");

        await InDialog("Make a new code").ClickAsync();

        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("The journey is in phase Completed");
        await ShootAsync("dialog-conflict");
    }

    [Fact]
    public async Task Supply_OfWhatOmsAsksFor_SendsItOn()
    {
        var id = await StartWithIssuesAsync();
        await OpenJourneyAsync(id);
        await Button("Supply data").ClickAsync();
        await Expect(Dialog).ToContainTextAsync("identifyingInformation");

        await Dialog.GetByLabel("Identity document").SelectOptionAsync("passport");
        await Dialog.GetByLabel("Its number").FillAsync("X1234567");
        await Dialog.GetByLabel("Issued by").FillAsync("US");
        await ShootAsync("dialog-supply");
        await InDialog("Send to OMS").ClickAsync();

        await Expect(Said).ToContainTextAsync("The data is on its way to OMS.");
        (await Page.ContentAsync()).Should().NotContain("X1234567");
    }

    [Fact]
    public async Task Supply_OfSomethingWrong_NamesTheField()
    {
        var id = await StartWithIssuesAsync();
        await OpenJourneyAsync(id);
        await Button("Supply data").ClickAsync();

        await Dialog.GetByLabel("Phone").FillAsync("555");
        await InDialog("Send to OMS").ClickAsync();

        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("phone must be in E.164 form");
        await Expect(Dialog.GetByLabel("Phone")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(Dialog.GetByLabel("Phone")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Resolve_OfAJourneyThatNeedsReview_ClosesIt()
    {
        var id = await Ground.StartHeldUpAsync();
        await OpenJourneyAsync(id);
        await Expect(Headline).ToContainTextAsync("overdue");
        await ShootAsync("journey-review");

        await Button("Resolve").ClickAsync();
        await Expect(Dialog).ToContainTextAsync("This cannot be undone.");
        await InDialog("Close the journey").ClickAsync();
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("What became of the money is needed");
        await Dialog.GetByLabel("What became of the money").SelectOptionAsync("Returned");
        await Dialog.GetByLabel("Reference").FillAsync("TICKET-7");
        await Dialog.GetByLabel("Reason").FillAsync("paid back at the store");
        await InDialog("Close the journey").ClickAsync();

        await Expect(Headline).ToContainTextAsync("Failed");
        await Expect(Page.Locator(".notice")).ToContainTextAsync("Returned");
        await Expect(Panel("Done by people")).ToContainTextAsync("paid back at the store (TICKET-7)");
        await ShootAsync("journey-resolved");
    }

    [Fact]
    public async Task Ask_OfAJourneyThatWaits_AsksOmsAndIsShown()
    {
        var id = await Ground.StartCashInAsync();
        await Ground.UntilPhaseAsync(id, "AwaitingDeposit");
        await OpenJourneyAsync(id);

        await Button("Ask OMS now").ClickAsync();
        await Expect(Dialog).ToContainTextAsync("Nothing else changes.");
        await InDialog("Ask").ClickAsync();

        await Expect(Said).ToContainTextAsync("OMS is asked.");
        await Expect(Panel("Done by people")).ToContainTextAsync("function key");
    }

    [Fact]
    public async Task Confirm_OfAPrice_ShowsItAndPaysOut()
    {
        var id = await Ground.StartPayoutAsync();
        await OpenJourneyAsync(id);
        await Expect(Panel("Price")).ToContainTextAsync("25.00 USDC");
        await ShootAsync("journey-payout");

        await Button("Confirm the price").ClickAsync();
        await Expect(Dialog).ToContainTextAsync("24.75 USD");
        await InDialog("Accept and pay out").ClickAsync();

        await Expect(Headline).ToContainTextAsync("Completed");
        await Expect(Panel("Money")).ToContainTextAsync("24.75 USD");
    }

    private async Task<string> StartWithIssuesAsync()
    {
        var person = $"user-{Guid.NewGuid():N}";
        await Ground.Sandbox.PostAsync("/_sim/endorsements", new { decision = "issues", externalId = person });
        var id = await Ground.StartCashInAsync(person);
        await Ground.UntilPhaseAsync(id, "AwaitingApplicant");
        return id;
    }
}
