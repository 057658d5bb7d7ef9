using Microsoft.Playwright;

namespace OmsWorkflows.Console.Tests;

/// <summary>What the app refuses, shown where it was asked for.</summary>
[Collection(Grounds.Rest)]
public sealed class RefusalTests(Ground ground) : ConsoleTest(ground)
{
    private const string RoleMissing =
        """{"type":"urn:oms-workflows:problem:role-missing","title":"The role for this is missing","detail":"Ask for it.","status":403}""";

    [Fact]
    public async Task View_OfAJourneyThatIsNotThere_SaysSo()
    {
        await OpenJourneyAsync("ci-00000000000000000000000000");

        await Expect(Page.Locator(".problem")).ToContainTextAsync("There is no such journey");
    }

    [Fact]
    public async Task View_WithoutTheRole_SaysWhichIsMissing()
    {
        await RefuseAsync("**/api/operations/settlements*");

        await OpenAsync("money");

        await Expect(Page.Locator(".problem")).ToContainTextAsync("The role for this is missing");
    }

    [Fact]
    public async Task Action_WithoutTheRole_SaysSoAndStaysOpen()
    {
        var id = await Ground.StartCashInAsync();
        await Ground.UntilPhaseAsync(id, "AwaitingDeposit");
        await RefuseAsync("**/api/cash-ins/*/cancel");
        await OpenJourneyAsync(id);

        await Button("Cancel").ClickAsync();
        await InDialog("Cancel the journey").ClickAsync();

        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("The role for this is missing");
    }

    private async Task RefuseAsync(string path) => await Page.RouteAsync(path, route => route.FulfillAsync(
        new() { Status = 403, ContentType = "application/problem+json", Body = RoleMissing }));
}
