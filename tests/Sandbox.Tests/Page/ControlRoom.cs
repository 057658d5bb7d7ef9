using Microsoft.Playwright;
using OmsWorkflows.Sandbox.Tests.Support;

namespace OmsWorkflows.Sandbox.Tests.Page;

/// <summary>A sandbox with its page open in a browser. Errors of the page, and requests to anywhere else, fail the test.</summary>
internal sealed class ControlRoom : IAsyncDisposable
{
    private readonly IBrowserContext _window;
    private readonly List<string> _complaints = [];

    private ControlRoom(SandboxHost sandbox, IBrowserContext window, IPage page)
    {
        (Sandbox, _window, Page) = (sandbox, window, page);
        page.PageError += (_, error) => _complaints.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !Tolerated.Any(text => message.Text.Contains(text, StringComparison.Ordinal)))
                _complaints.Add(message.Text);
        };
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(sandbox.Http.BaseAddress!.ToString(), StringComparison.Ordinal))
                _complaints.Add($"A request went to {request.Url}");
        };
    }

    /// <summary>Messages of the browser about answers that a test provokes.</summary>
    public List<string> Tolerated { get; } = [];

    public SandboxHost Sandbox { get; }

    public IPage Page { get; }

    public static async Task<ControlRoom> OpenAsync(Browser browser, BrowserNewContextOptions? options = null)
    {
        var sandbox = await SandboxHost.StartAsync();
        var window = await browser.OpenAsync(options);
        var room = new ControlRoom(sandbox, window, await window.NewPageAsync());
        await room.Page.GotoAsync(sandbox.Http.BaseAddress!.ToString());
        await Assertions.Expect(room.Page.Locator("#connection")).ToHaveTextAsync("live");
        return room;
    }

    public ILocator Section(string title) => Page.GetByRole(AriaRole.Region, new() { Name = title, Exact = true });

    public ILocator Row(string section, string text) => Section(section).GetByRole(AriaRole.Listitem).Filter(new() { HasText = text });

    public Task SaysAsync(string text) => Assertions.Expect(Page.Locator("#done")).ToHaveTextAsync(text);

    public Task ComplainsAsync(string text) => Assertions.Expect(Page.Locator("#wrong")).ToHaveTextAsync(text);

    public async ValueTask DisposeAsync()
    {
        await _window.DisposeAsync();
        await Sandbox.DisposeAsync();
        _complaints.Should().BeEmpty();
    }
}
