using Microsoft.Playwright;
using OmsWorkflows.Machines;

namespace OmsWorkflows.Console.Tests;

/// <summary>The machine's own Chromium (.ci/chromium).</summary>
internal static class Chromium
{
    private static readonly string[] Arguments =
    [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    public static async Task<(IPlaywright Playwright, IBrowser Browser)> LaunchAsync()
    {
        var patience = (float)Limits.Wait.TotalMilliseconds;
        Assertions.SetDefaultExpectTimeout(patience);
        var playwright = await Playwright.CreateAsync();
        return (
            playwright,
            await playwright.Chromium.LaunchAsync(
                new() { ExecutablePath = "/usr/bin/chromium", Headless = true, Args = Arguments, Timeout = patience }));
    }
}
