using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace OmsWorkflows.Console.Tests;

[Collection(Grounds.Journeys)]
public sealed class ConnectionTests(Ground ground) : ConsoleTest(ground)
{
    private ILocator Connection => Page.Locator("#connection");

    [Fact]
    public async Task Connection_ThatIsLost_IsShownAndComesBackByItself()
    {
        var id = await Ground.StartCashInAsync();
        await Ground.UntilPhaseAsync(id, "AwaitingDeposit");
        await OpenJourneyAsync(id);
        await Expect(Headline).ToContainTextAsync("Awaiting deposit");

        await Ground.Machine.App.KillAsync();

        await Expect(Connection).ToContainTextAsync("The app does not answer since");
        await Expect(Headline).ToContainTextAsync("Awaiting deposit");
        await ShootAsync("connection-lost");

        await Ground.Machine.App.StartAsync(default);

        await Expect(Connection).ToBeEmptyAsync();
        await Expect(Said).ToContainTextAsync("The app answers again.");
    }

    [Fact]
    public async Task App_ThatIsUnavailable_IsAskedEverMoreRarely()
    {
        var asked = 0;
        await Page.RouteAsync("**/api/journeys*", route =>
        {
            Interlocked.Increment(ref asked);
            return route.FulfillAsync(new()
            {
                Status = 503,
                ContentType = "application/problem+json",
                Body = """{"title":"The app cannot serve the request now","detail":"Try again later."}""",
            });
        });
        await Page.Clock.InstallAsync();

        await OpenAsync("journeys");
        await Expect(Connection).ToContainTextAsync("The app cannot serve the request now");

        // Second by second, so that each answer can come; on a busy machine one can still come late, and the next try with it.
        for (var second = 0; second < 60 || Volatile.Read(ref asked) < 3; second++)
        {
            second.Should().BeLessThan(600, "it is asked again");
            await Page.Clock.RunForAsync(1_000);
            if (second < 60)
                Volatile.Read(ref asked).Should().BeLessThanOrEqualTo(5, "5, 10, 20 and 40 seconds lie between the tries");
        }

        await Page.UnrouteAllAsync();
        await Button("Try now").ClickAsync();
        await Expect(Connection).ToBeEmptyAsync();
    }

    [Fact]
    public async Task Gateway_ThatAnswersWithAPage_IsNotTakenForTheApp()
    {
        await Page.RouteAsync(
            "**/api/journeys*", route => route.FulfillAsync(new() { Status = 200, ContentType = "text/html", Body = "<h1>Welcome</h1>" }));

        await OpenAsync("journeys");

        await Expect(Connection).ToContainTextAsync("The answer cannot be read");
    }

    [Fact]
    public async Task Page_ThatNobodyLooksAt_AsksNothing()
    {
        var asked = 0;
        await OpenAsync("journeys");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Journeys" })).ToBeVisibleAsync();
        await Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await Page.Clock.InstallAsync();
        await SetHiddenAsync(true);
        Page.Request += (_, _) => Interlocked.Increment(ref asked);

        await Page.Clock.RunForAsync(60_000);
        asked.Should().Be(0);

        var again = Page.WaitForRequestAsync(new Regex("/api/"));
        await SetHiddenAsync(false);
        (await again).Url.Should().Contain("/api/", "whoever looks again sees how it stands now");
    }

    private async Task SetHiddenAsync(bool hidden) => await Page.EvaluateAsync(
        """
        hidden => {
          Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        }
        """,
        hidden);
}
