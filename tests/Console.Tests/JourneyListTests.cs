using Microsoft.Playwright;
using OmsWorkflows.Local.AppHost.Demo;

namespace OmsWorkflows.Console.Tests;

[Collection(Grounds.Journeys)]
public sealed class JourneyListTests(Ground ground) : ConsoleTest(ground)
{
    private ILocator Rows => Page.Locator(".view tbody tr");

    [Fact]
    public async Task List_FilteredByPhase_ShowsThatPhaseOnly()
    {
        await Ground.BookedAsync();
        await OpenAsync("journeys");

        await Page.GetByLabel("Phase").SelectOptionAsync("Completed");

        await Expect(Rows.First.Locator(".badge")).ToHaveTextAsync("Completed");
        (await Rows.Locator("td[data-heading=Phase]").AllInnerTextsAsync()).Should().OnlyContain(phase => phase == "Completed");
        await ShootAsync("journeys");
    }

    [Fact]
    public async Task List_FilteredByCustomer_ShowsTheirsOnly()
    {
        var booked = await Ground.BookedAsync();
        await OpenAsync("journeys");

        await Page.GetByLabel("Customer").FillAsync(booked.NeedCustomerId());
        await Button("Filter").ClickAsync();

        await Expect(Rows).ToHaveCountAsync(1);
        await Expect(Rows.Locator("td[data-heading=Kind]")).ToHaveTextAsync("Cash-in");
        await Expect(Rows).ToContainTextAsync(booked.Id);
        await Expect(Rows).ToContainTextAsync("117.70 USDC");
    }

    [Fact]
    public async Task List_OfOtherKind_ShowsPayouts()
    {
        var id = await Ground.StartPayoutAsync();
        await OpenAsync("journeys");

        await Page.GetByLabel("Kind").SelectOptionAsync("Payout");

        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = id })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task List_ThatIsLonger_HasPages()
    {
        await Ground.BookedAsync();
        await Ground.BookedAsync();
        await OpenAsync("journeys?limit=1");
        await Expect(Rows).ToHaveCountAsync(1);
        var first = await Rows.InnerTextAsync();

        await Page.GetByText("More →").ClickAsync();
        await Expect(Page.GetByText("← Back")).ToBeVisibleAsync();
        var second = await Rows.InnerTextAsync();
        await Page.GetByText("← Back").ClickAsync();

        second[..30].Should().NotBe(first[..30]);
        await Expect(Rows).ToContainTextAsync(first[..28]);
    }

    [Fact]
    public async Task List_WithAFilterTheApiRefuses_SaysWhichAndWhy()
    {
        await OpenAsync("journeys?limit=1000");

        await Expect(Page.Locator(".problem")).ToContainTextAsync("limit must be a whole number from 1 to 100");
    }

    [Fact]
    public async Task Find_ByAJourneysId_OpensIt()
    {
        var id = await Ground.StartCashInAsync();
        await OpenAsync("");

        await Page.GetByLabel("Find by id").FillAsync(id);
        await Page.GetByLabel("Find by id").PressAsync("Enter");

        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = id, Exact = true })).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("cashInId")]
    [InlineData("customerId")]
    [InlineData("transactionId")]
    public async Task Find_ByAnIdOfOms_OpensTheJourneyItBelongsTo(string what)
    {
        var booked = await Ground.BookedAsync();
        var id = what switch
        {
            "cashInId" => booked.CashInId,
            "customerId" => booked.CustomerId,
            _ => booked.NeedSettlement().TransactionId,
        };
        await OpenAsync("");

        await Page.GetByLabel("Find by id").FillAsync($"{id}");
        await Page.GetByLabel("Find by id").PressAsync("Enter");

        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = booked.Id, Exact = true })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Find_ByAnEMailAddress_ListsWhatThePersonAskedForAndShowsTheAddressNowhere()
    {
        var email = $"{Guid.NewGuid():N}@example.test";
        string[] ids = [await StartAsync(email), await StartAsync(email)];
        await OpenAsync("");

        await Page.GetByLabel("Find by id").FillAsync($" {email.ToUpperInvariant()}");
        await Page.GetByLabel("Find by id").PressAsync("Enter");

        await Expect(Rows).ToHaveCountAsync(2);
        foreach (var id in ids)
            await Expect(Page.GetByRole(AriaRole.Link, new() { Name = id })).ToBeVisibleAsync();
        (Page.Url + await Page.TitleAsync()).Should().NotContainEquivalentOf(email);
        await Expect(Page.Locator("main")).Not.ToContainTextAsync("@");
    }

    [Fact]
    public async Task Find_ByAnEMailAddressNobodyGave_SaysSo()
    {
        await OpenAsync("");

        await Page.GetByLabel("Find by id").FillAsync("nobody@example.test");
        await Page.GetByLabel("Find by id").PressAsync("Enter");

        await Expect(Page.Locator("main")).ToContainTextAsync("No journey was asked for with this e-mail address.");
    }

    [Fact]
    public async Task List_OfWhatIsOverdue_ShowsThatOnly()
    {
        var id = await Ground.StartHeldUpAsync();
        await OpenAsync("journeys?limit=100");

        await Page.GetByLabel("Overdue").SelectOptionAsync("true");

        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = id })).ToBeVisibleAsync();
        (await Rows.Locator("td[data-heading=Phase]").AllInnerTextsAsync())
            .Should().OnlyContain(phase => phase.Contains("overdue", StringComparison.Ordinal));
    }

    [Fact]
    public async Task List_OfAnotherTime_IsEmpty()
    {
        await OpenAsync("journeys");

        await Page.GetByLabel("To (UTC)").FillAsync("2020-01-01T00:00");
        await Button("Filter").ClickAsync();

        await Expect(Page.GetByText("No journey is like that.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Find_OfWhatIsNotThere_SaysSo()
    {
        await OpenAsync("");

        await Page.GetByLabel("Find by id").FillAsync("ci-00000000000000000000000000");
        await Page.GetByLabel("Find by id").PressAsync("Enter");

        await Expect(Page.Locator("main")).ToContainTextAsync("No journey belongs to this id.");
    }

    private async Task<string> StartAsync(string email)
    {
        var body = Story.CashIn($"user-{Guid.NewGuid():N}");
        body["applicant"]!["email"] = email;
        return (await Ground.App.StartCashInAsync(body, $"{Guid.NewGuid():N}", CancellationToken.None)).Id;
    }
}
