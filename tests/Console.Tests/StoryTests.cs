using Microsoft.Playwright;

namespace OmsWorkflows.Console.Tests;

/// <summary>Somebody who has never seen the console, and a cash-in that does not go on.</summary>
[Collection(Grounds.Journeys)]
public sealed class StoryTests(Ground ground) : ConsoleTest(ground)
{
    protected override bool HasKey => false;

    [Fact]
    public async Task CashIn_ThatWaits_IsUnderstoodRevivedPaidAndSeenBooked()
    {
        // What the person holds is an id out of an e-mail, OMS's own of the cash-in.
        var id = await Ground.StartCashInAsync();
        var known = (await Ground.UntilPhaseAsync(id, "AwaitingDeposit")).CashInId;
        await Ground.Sandbox.AdvanceAsync("01:01:00");
        await Ground.UntilPhaseAsync(id, "Expired");

        await OpenAsync("");
        await Page.GetByLabel("Key", new() { Exact = true }).FillAsync(Ground.Machine.App.FunctionKey);
        await InDialog("Use it").ClickAsync();
        await Page.GetByLabel("Find by id").FillAsync($"{known}");
        await Page.GetByLabel("Find by id").PressAsync("Enter");

        // Why it waits, until when, and what happens then.
        await Expect(Headline).ToContainTextAsync("Expired");
        await Expect(Panel("Waits for")).ToContainTextAsync("a refresh");
        await Expect(Panel("Waits for")).ToContainTextAsync("Until");
        await Expect(Panel("Deposit code")).ToContainTextAsync("Not payable now.");

        await Button("New deposit code").ClickAsync();
        await InDialog("Make a new code").ClickAsync();
        await Expect(Headline).ToContainTextAsync("Awaiting deposit");
        await Expect(Panel("Waits for")).ToContainTextAsync("cash on the deposit code");
        var code = await Panel("Deposit code").Locator(".code").InnerTextAsync();
        await Pictures.TakeAsync(Page, "console");

        var store = await Context.NewPageAsync();
        await store.GotoAsync(Ground.Machine.Sandbox.Url);
        var waiting = store.GetByRole(AriaRole.Listitem).Filter(new() { HasText = code });
        await waiting.GetByLabel("USD").FillAsync("120.00");
        await waiting.GetByRole(AriaRole.Button, new() { Name = "Hand over cash" }).ClickAsync();
        await Expect(store.GetByRole(AriaRole.Status).Filter(new() { HasText = "120.00 USD handed over." })).ToBeVisibleAsync();

        await Page.BringToFrontAsync();
        await Expect(Headline).ToContainTextAsync("Completed");
        await Expect(Panel("Money")).ToContainTextAsync("117.70 USDC");
    }
}
