using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(OmsWorkflows.Sandbox.Tests.Page.Browser))]

namespace OmsWorkflows.Sandbox.Tests.Page;

/// <summary>A real Chromium for all tests of the page; the machine's own, which <c>.ci/chromium</c> installs.</summary>
public sealed class Browser : IAsyncLifetime
{
    /// <summary>Far beyond what anything takes on a slow and busy machine: it costs time only where something never comes.</summary>
    private static readonly float Patience = (float)TimeSpan.FromMinutes(5).TotalMilliseconds;

    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    private readonly Lazy<Task<(IPlaywright Playwright, IBrowser Chromium)>> _started = new(StartAsync);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A window of its own, with nothing remembered.</summary>
    public async Task<IBrowserContext> OpenAsync(BrowserNewContextOptions? options = null)
    {
        var context = await (await _started.Value).Chromium.NewContextAsync(options ?? new());
        context.SetDefaultTimeout(Patience);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        // Nobody may have asked for it.
        if (!_started.IsValueCreated)
            return;
        var (playwright, chromium) = await _started.Value;
        await chromium.DisposeAsync();
        playwright.Dispose();
    }

    private static async Task<(IPlaywright Playwright, IBrowser Chromium)> StartAsync()
    {
        var path = Places.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("There is no Chromium on this machine: run .ci/chromium first.");
        Assertions.SetDefaultExpectTimeout(Patience);
        var playwright = await Playwright.CreateAsync();
        return (
            playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = Arguments, Timeout = Patience }));
    }
}
