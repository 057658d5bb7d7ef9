using Microsoft.Playwright;

namespace OmsWorkflows.Console.Tests;

/// <summary>Money that banks sent.</summary>
[Collection(Grounds.Rest)]
public sealed class DepositTests(Ground ground) : ConsoleTest(ground)
{
    private ILocator Rows => Page.Locator(".view tbody tr");

    [Fact]
    public async Task Deposits_OfACustomer_AreListedWithWhatBecameOfThem()
    {
        var customer = (await Ground.BookedAsync()).NeedCustomerId();
        await Ground.SendFromBankAsync(customer);
        await OpenAsync("money/deposits");

        await Page.GetByLabel("Customer").FillAsync(customer);
        await Page.GetByLabel("Customer").PressAsync("Tab");

        await Expect(Rows).ToHaveCountAsync(1);
        await Expect(Rows).ToContainTextAsync("Booked");
        await Expect(Rows).ToContainTextAsync("119.40 USDC");
        await Expect(Rows).ToContainTextAsync("wire");
        await ShootAsync("money-deposits");

        await Page.GetByLabel("Customer").FillAsync("cst_nobody");
        await Page.GetByLabel("Customer").PressAsync("Tab");
        await Expect(Page.GetByText("No bank has sent anything.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Notification_OfADeposit_LeadsToNoJourney()
    {
        const string Letter =
            """
            {"data":[{"endpoint":"team","subject":"txn_1","sequence":1,"type":"deposit.booked","at":"2026-06-10T14:00:00Z",
              "cause":"status_500","tries":3}]}
            """;
        await Page.RouteAsync("**/api/operations/notifications/dead-letters*", route => route.FulfillAsync(
            new() { Status = 200, ContentType = "application/json", Body = Letter }));

        await OpenAsync("money/notifications");

        await Expect(Rows).ToContainTextAsync("txn_1");
        await Expect(Rows.GetByRole(AriaRole.Link)).ToHaveCountAsync(0);
    }
}
