using System.Collections.Concurrent;
using Microsoft.Playwright;
using OmsWorkflows.Machines;

namespace OmsWorkflows.Console.Tests;

/// <summary>
/// One page of the console in a browser of its own. At the end of every test: no script failed, nothing was blocked, nobody else was asked.
/// </summary>
public abstract class ConsoleTest(Ground ground) : IAsyncLifetime
{
    private const string KeyName = "oms-workflows-key";

    /// <summary>What the browser says of something that a policy of the page forbids.</summary>
    private static readonly string[] Blocked = ["Content Security Policy", "TrustedType"];

    private readonly ConcurrentQueue<string> _faults = new();

    protected Ground Ground { get; } = ground;

    protected IPage Page { get; private set; } = null!;

    protected IBrowserContext Context { get; private set; } = null!;

    /// <summary>Whether the tab has the key from the start.</summary>
    protected virtual bool HasKey => true;

    public async ValueTask InitializeAsync() => await UseAsync(1280, 860, ColorScheme.Light);

    public async ValueTask DisposeAsync()
    {
        await Context.CloseAsync();
        GC.SuppressFinalize(this);
        _faults.Should().BeEmpty();
    }

    /// <summary>Goes on in another browser window.</summary>
    protected async Task UseAsync(int width, int height, ColorScheme scheme)
    {
        if (Context is not null)
        {
            await Context.CloseAsync();
        }

        Context = await Ground.Browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
            TimezoneId = "UTC",
            Locale = "en-GB",
            ReducedMotion = ReducedMotion.Reduce,
        });
        Context.SetDefaultTimeout((float)Limits.Wait.TotalMilliseconds);
        if (HasKey)
        {
            await Context.AddInitScriptAsync($"sessionStorage.setItem('{KeyName}', '{Ground.Machine.App.FunctionKey}')");
        }

        Page = await Context.NewPageAsync();
        Page.PageError += (_, error) => _faults.Enqueue(error);
        Page.Console += (_, message) =>
        {
            if (Blocked.Any(policy => message.Text.Contains(policy, StringComparison.Ordinal)))
            {
                _faults.Enqueue(message.Text);
            }
        };
        Page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(Ground.Machine.App.Url, StringComparison.Ordinal)
                && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                _faults.Enqueue($"asked {request.Url}");
            }
        };
    }

    protected Task OpenAsync(string view) => Page.GotoAsync($"{Ground.Machine.App.Url}/api/console#/{view}");

    protected Task OpenJourneyAsync(string id) => OpenAsync($"journeys/{id}");

    /// <summary>A view's panel, by its title.</summary>
    protected ILocator Panel(string title)
        => Page.Locator("section.panel", new() { Has = Page.GetByRole(AriaRole.Heading, new() { Name = title, Exact = true }) });

    protected ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    protected ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    /// <summary>The dialog's own button.</summary>
    protected ILocator InDialog(string name) => Dialog.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>What the page says at the bottom after an action.</summary>
    protected ILocator Said => Page.Locator("#toast");

    /// <summary>Where the journey stands, in its headline.</summary>
    protected ILocator Headline => Page.Locator(".headline");

    protected static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    /// <summary>Keeps a picture for whoever wants to look: beside the test's program, in <c>screenshots</c>.</summary>
    protected Task ShootAsync(string name)
        => Page.ScreenshotAsync(new() { Path = Path.Combine(AppContext.BaseDirectory, "screenshots", $"{name}.png"), FullPage = true });
}
