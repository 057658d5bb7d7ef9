using Microsoft.Playwright;

namespace OmsWorkflows.Console.Tests;

[Collection(Grounds.Rest)]
public sealed class ApiPageTests(Ground ground) : ConsoleTest(ground)
{
    protected override bool HasKey => false;

    [Fact]
    public async Task Page_ShowsEveryOperationWithItsBodyAndAnswers()
    {
        await Page.GotoAsync($"{Ground.Machine.App.Url}/api/console/docs.html#startCashIn");

        var operation = Page.Locator("#startCashIn");
        await Expect(operation).ToContainTextAsync("/api/cash-ins");
        await Expect(operation).ToContainTextAsync("Idempotency-Key");
        await Expect(operation).ToContainTextAsync("\"indicatedAmount\": \"100.00\"");
        await Expect(operation.GetByRole(AriaRole.Link, new() { Name = "StartCashInRequest" }).First).ToBeVisibleAsync();
        await ShootAsync("api");
    }

    [Fact]
    public async Task Page_LeadsFromATypeToItsMembers()
    {
        await Page.GotoAsync($"{Ground.Machine.App.Url}/api/console/docs.html#startCashIn");

        await Page.Locator("#startCashIn").GetByRole(AriaRole.Link, new() { Name = "StartCashInRequest" }).First.ClickAsync();

        await Expect(Page.Locator("#StartCashInRequest")).ToContainTextAsync("indicatedAmount");
        await Expect(Page.Locator("#StartCashInRequest")).ToContainTextAsync("must be between 20 and 1000 USD");
    }
}
