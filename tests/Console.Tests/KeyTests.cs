using Microsoft.Playwright;

namespace OmsWorkflows.Console.Tests;

[Collection(Grounds.Rest)]
public sealed class KeyTests(Ground ground) : ConsoleTest(ground)
{
    protected override bool HasKey => false;

    [Fact]
    public async Task Page_WithoutAKey_AsksForItAndGoesOn()
    {
        await OpenAsync("");

        await Expect(Dialog).ToContainTextAsync("The app asks for a key.");
        await ShootAsync("key");
        await GiveAsync(Ground.Machine.App.FunctionKey);

        await Expect(Page.GetByText("Health")).ToBeVisibleAsync();
        await Expect(Dialog).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Page_WithAWrongKey_SaysSoAndAsksAgain()
    {
        await OpenAsync("journeys");
        await GiveAsync("a wrong one");

        await Expect(Dialog).ToContainTextAsync("That key was refused.");
        await GiveAsync(Ground.Machine.App.FunctionKey);

        await Expect(Dialog).ToHaveCountAsync(0);
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Journeys" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Key_IsKeptInItsTabOnly()
    {
        await OpenAsync("");
        await GiveAsync(Ground.Machine.App.FunctionKey);
        await Expect(Dialog).ToHaveCountAsync(0);

        (await Page.EvaluateAsync<int>("localStorage.length")).Should().Be(0);
        (await Context.CookiesAsync()).Should().BeEmpty();
        (await Page.EvaluateAsync<string>("location.href + document.documentElement.outerHTML"))
            .Should().NotContain(Ground.Machine.App.FunctionKey);
        var other = await Context.NewPageAsync();
        await other.GotoAsync($"{Ground.Machine.App.Url}/api/console");
        await Expect(other.GetByRole(AriaRole.Dialog)).ToContainTextAsync("The app asks for a key.");
    }

    [Fact]
    public async Task Key_Forgotten_IsGone()
    {
        await OpenAsync("");
        await GiveAsync(Ground.Machine.App.FunctionKey);

        await Button("Forget key").ClickAsync();

        await Expect(Page.GetByText("Key forgotten")).ToBeVisibleAsync();
        (await Page.EvaluateAsync<int>("sessionStorage.length")).Should().Be(0);
        await Page.GetByText("Go on with another key").ClickAsync();
        await Expect(Dialog).ToContainTextAsync("The app asks for a key.");
    }

    private async Task GiveAsync(string key)
    {
        await Page.GetByLabel("Key", new() { Exact = true }).FillAsync(key);
        await InDialog("Use it").ClickAsync();
    }
}
