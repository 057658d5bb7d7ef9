using System.Globalization;
using Microsoft.Playwright;

namespace OmsWorkflows.Console.Tests;

[Collection(Grounds.Rest)]
public sealed class OverviewTests(Ground ground) : ConsoleTest(ground)
{
    [Fact]
    public async Task Overview_ShowsWhatIsUnderWayAndHowTheAppIs()
    {
        await Ground.UntilPhaseAsync(await Ground.StartCashInAsync(), "AwaitingDeposit");
        await Ground.BookedAsync();

        await OpenAsync("");

        await Expect(Tile("Health")).ToContainTextAsync("Good");
        await Expect(Tile("Unclaimed money")).ToBeVisibleAsync();
        await Expect(Panel("Journeys by phase").GetByRole(AriaRole.Link, new() { Name = "Awaiting deposit" })).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Img, new() { NameRegex = new("^Cash-ins started per hour") })).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Row, new() { NameRegex = new("^Completed") }).First).ToBeVisibleAsync();
        await ShootAsync("overview");
    }

    [Fact]
    public async Task Overview_WhileItIsOpen_CountsWhatIsStarted()
    {
        await OpenAsync("");
        var before = int.Parse(await Tile("Under way").Locator(".value").InnerTextAsync(), CultureInfo.InvariantCulture);

        await Ground.StartCashInAsync();

        await Expect(Tile("Under way").Locator(".value")).ToHaveTextAsync($"{before + 1}");
    }

    [Fact]
    public async Task Overview_WhenSomebodyShouldLook_LeadsThere()
    {
        var id = await Ground.StartHeldUpAsync();
        await OpenAsync("");

        await Panel("Somebody should look").GetByRole(AriaRole.Link, new() { Name = id }).ClickAsync();

        await Expect(Headline).ToContainTextAsync("Needs review");
    }

    private ILocator Tile(string name) => Page.Locator(".tile", new() { Has = Page.GetByText(name, new() { Exact = true }) });
}
