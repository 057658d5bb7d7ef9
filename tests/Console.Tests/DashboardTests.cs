using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OmsWorkflows.Machines;
using static Microsoft.Playwright.Assertions;

namespace OmsWorkflows.Console.Tests;

/// <summary>The dashboard beside the demonstration's cash-in, as whoever ran the README's first command sees it.</summary>
public sealed class DashboardTests : IAsyncLifetime
{
    private AppHostProcess? _host;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        var often = new Dictionary<string, string> { ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000" };
        _host = AppHostProcess.Start(often, "--code-lifetime", "2");
        (_playwright, _browser) = await Chromium.LaunchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_host is not null)
            await _host.DisposeAsync();
    }

    [Fact]
    public async Task Dashboard_ShowsTheResourcesAndOneTraceFromTheCallToTheSettlement_WithLogsAndMetrics()
    {
        var (page, dashboard) = await SignInAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Console" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Till and control room" })).ToBeVisibleAsync();

        await page.GotoAsync($"{dashboard}/traces");
        await page.GetByText(new Regex("POST /?api/cash-ins")).First.ClickAsync();
        await Expect(page.GetByText("orchestration:CashIn").First).ToBeVisibleAsync();
        await Expect(page.GetByText("POST /v0.9/customers").First).ToBeVisibleAsync();
        await Pictures.TakeAsync(page, "dashboard");
        foreach (var part in new[] { "POST /v0.9/cash-ins", "webhook.deliver", "function BookAndCloseIfSettled" })
        {
            await page.Locator("input[name=spans-search]").FillAsync(part);
            await Expect(page.GetByText(part).First).ToBeVisibleAsync();
        }

        await page.GotoAsync($"{dashboard}/structuredlogs");
        await Expect(page.GetByText("Booked transaction").First).ToBeVisibleAsync();

        await page.GotoAsync($"{dashboard}/metrics/resource/app");
        await Expect(page.GetByText("oms_workflows.oms.calls").First).ToBeVisibleAsync();
    }

    private async Task<(IPage Page, string Dashboard)> SignInAsync()
    {
        if (_host is null || _browser is null)
            throw new InvalidOperationException("Nothing has started.");
        var system = await _host.RunningAsync(TestContext.Current.CancellationToken);
        var page = await _browser.NewPageAsync(new() { ViewportSize = new() { Width = 1280, Height = 860 } });
        await page.GotoAsync($"{system.Dashboard}");
        return (page, new Uri($"{system.Dashboard}").GetLeftPart(UriPartial.Authority));
    }
}
