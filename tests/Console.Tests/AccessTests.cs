using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace OmsWorkflows.Console.Tests;

/// <summary>Whoever cannot see, use a mouse, or has a phone only.</summary>
[Collection(Grounds.Rest)]
public sealed class AccessTests(Ground ground) : ConsoleTest(ground)
{
    private static readonly string[] Views = ["", "journeys", "money", "money/reconciliation", "money/dead-letters", "money/webhook"];

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task View_ByAxe_HasNothingSerious(int width, ColorScheme scheme)
    {
        var late = await Ground.LateJourneysAsync();
        var id = await Ground.StartCashInAsync();
        await Ground.UntilPhaseAsync(id, "AwaitingDeposit");
        await UseAsync(width, 844, scheme);

        foreach (var view in Views.Append($"journeys/{id}").Append($"journeys/{late[0]}"))
        {
            await OpenLoadedAsync(view);
            await ShouldBeAccessibleAsync($"{view} at {width} in {scheme}");
            await ShootAsync($"view-{view.Replace('/', '-')}-{width}-{scheme}");
        }

        await OpenLoadedAsync($"journeys/{id}");
        await Button("Cancel").ClickAsync();
        await ShouldBeAccessibleAsync($"the dialog at {width} in {scheme}");
    }

    [Fact]
    public async Task View_OnAPhone_IsNeverWiderThanTheScreen()
    {
        var id = (await Ground.BookedAsync()).Id;
        await UseAsync(360, 740, ColorScheme.Light);

        foreach (var view in Views.Append($"journeys/{id}"))
        {
            await OpenLoadedAsync(view);
            var scrollWidth = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            scrollWidth.Should().BeLessThanOrEqualTo(360, "of view '{0}'", view);
        }
    }

    [Fact]
    public async Task Journey_WithTheKeyboardOnly_IsFoundOpenedAndRefreshed()
    {
        var id = await Ground.StartCashInAsync();
        var code = (await Ground.UntilPhaseAsync(id, "AwaitingDeposit")).NeedDeposit().Code;
        await OpenLoadedAsync("");

        await Page.Keyboard.PressAsync("/");
        await Expect(Page.GetByLabel("Find by id")).ToBeFocusedAsync();
        await Page.Keyboard.TypeAsync(id);
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = id, Exact = true })).ToBeFocusedAsync();
        await Expect(Button("New deposit code")).ToBeVisibleAsync();

        await Page.Keyboard.PressAsync("Tab");
        await Expect(Button("New deposit code")).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("Enter");
        await Expect(InDialog("Make a new code")).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("Escape");
        await Expect(Button("New deposit code")).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("Enter");
        await Page.Keyboard.PressAsync("Enter");

        await Expect(Panel("Deposit code")).Not.ToContainTextAsync(code);
        await Expect(Button("New deposit code")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task SkipLink_LeadsPastTheNavigation()
    {
        await OpenLoadedAsync("");
        await Page.Keyboard.PressAsync("Tab");
        await Expect(Page.GetByText("Skip to the content")).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("Enter");

        await Expect(Page.Locator("main")).ToBeFocusedAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Overview" })).ToBeVisibleAsync();
    }

    private async Task OpenLoadedAsync(string view)
    {
        await OpenAsync(view);
        await Page.ReloadAsync();
        await Expect(Page.GetByText("Loading…")).ToHaveCountAsync(0);
    }

    private async Task ShouldBeAccessibleAsync(string what)
    {
        var found = await Page.RunAxe();
        found.Violations.Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Id}: {violation.Help} ({string.Join(" | ", violation.Nodes.Select(node => node.Html))})")
            .Should().BeEmpty("of {0}", what);
    }
}
