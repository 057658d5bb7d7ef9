using System.Text.Json;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using OmsWorkflows.Sandbox.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace OmsWorkflows.Sandbox.Tests.Page;

/// <summary>The page as a person uses it: till and control room.</summary>
public sealed class PageTests(Browser browser)
{
    [Fact]
    public async Task Cash_is_handed_over_on_a_code_that_waits()
    {
        await using var room = await ControlRoom.OpenAsync(browser);
        var cashIn = await room.Sandbox.CashInAsync();
        var code = cashIn.Text("depositInstructions.code");
        var row = room.Row("Till", code);
        await Expect(row).ToContainTextAsync("Corner Pharmacy #4211");

        await row.GetByLabel("USD").FillAsync("120.00");
        await row.GetByRole(AriaRole.Button, new() { Name = $"Hand over cash on {code}" }).ClickAsync();

        await room.SaysAsync("120.00 USD handed over.");
        await Expect(row).ToHaveCountAsync(0);
        await Expect(room.Row("Money moving", "120.00 usd to 117.70 usdc")).ToContainTextAsync("processing");
        await room.Page.GetByRole(AriaRole.Button, new() { Name = "+ 1 min", Exact = true }).ClickAsync();
        await Expect(room.Row("Money moving", "120.00 usd to 117.70 usdc")).ToContainTextAsync("completed");
        (await room.Sandbox.GetAsync($"/cash-ins/{cashIn.Text("id")}")).Text("status").Should().Be("completed");
    }

    [Fact]
    public async Task A_refusal_of_the_till_is_told()
    {
        await using var room = await ControlRoom.OpenAsync(browser);
        var cashIn = await room.Sandbox.CashInAsync();
        var row = room.Row("Till", cashIn.Text("depositInstructions.code"));

        await row.GetByLabel("USD").FillAsync("5000");
        await row.GetByRole(AriaRole.Button).ClickAsync();

        await room.ComplainsAsync("The till refused: limit exceeded (61).");
    }

    [Fact]
    public async Task What_somebody_types_stays_while_the_page_goes_on()
    {
        await using var room = await ControlRoom.OpenAsync(browser);
        var first = await room.Sandbox.CashInAsync();
        var field = room.Row("Till", first.Text("depositInstructions.code")).GetByLabel("USD");
        await field.FillAsync("77.0");

        var second = await room.Sandbox.CashInAsync();
        await Expect(room.Row("Till", second.Text("depositInstructions.code"))).ToBeVisibleAsync();

        await Expect(field).ToBeFocusedAsync();
        await Expect(field).ToHaveValueAsync("77.0");
    }

    [Fact]
    public async Task People_are_decided_on()
    {
        await using var room = await ControlRoom.OpenAsync(browser);
        await room.Section("People").GetByLabel("Who comes is decided with").SelectOptionAsync("issues");
        await room.SaysAsync("From now on: issues.");
        var customer = await room.Sandbox.CustomerAsync();
        var row = room.Row("People", customer.Text("id"));
        await Expect(row.GetByLabel("Endorsements")).ToContainTextAsync("basic issues: identifyingInformation");

        await row.GetByLabel("Decision").SelectOptionAsync("approve");
        await row.GetByRole(AriaRole.Button, new() { Name = "Decide on Ana Reyes" }).ClickAsync();
        await room.SaysAsync("Decided.");
        await Expect(row.GetByLabel("Endorsements")).ToContainTextAsync("basic active");
        await row.GetByLabel("Decision").SelectOptionAsync("revoke");
        await row.GetByLabel("Endorsement", new() { Exact = true }).SelectOptionAsync("usd");
        await row.GetByRole(AriaRole.Button).ClickAsync();

        await Expect(row.GetByLabel("Endorsements")).ToContainTextAsync("usd revoked issues");
        await Expect(row.GetByLabel("Endorsements")).ToContainTextAsync("basic active");
    }

    [Fact]
    public async Task Faults_are_set_seen_and_taken_back()
    {
        await using var room = await ControlRoom.OpenAsync(browser);
        var faults = room.Section("Faults");
        await faults.GetByLabel("What goes wrong").SelectOptionAsync("A gateway's page instead of a cash-in");
        await faults.GetByRole(AriaRole.Button, new() { Name = "Set fault" }).ClickAsync();
        await room.SaysAsync("The fault is set.");

        using var answer = await room.Sandbox.TryPostAsync("/cash-ins", new { });
        ((int)answer.StatusCode).Should().Be(403);
        await Expect(room.Row("Faults", "gatewayPage")).ToContainTextAsync("struck 1×, over");

        await faults.GetByRole(AriaRole.Button, new() { Name = "Take back gatewayPage" }).ClickAsync();
        await Expect(faults.GetByText("Nothing goes wrong.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Every_offered_fault_is_taken_and_a_wrong_one_is_named()
    {
        await using var room = await ControlRoom.OpenAsync(browser);
        room.Tolerated.Add("400 (Bad Request)");
        var faults = room.Section("Faults");
        var offered = await faults.GetByLabel("What goes wrong").Locator("option").AllInnerTextsAsync();
        foreach (var name in offered)
        {
            await faults.GetByLabel("What goes wrong").SelectOptionAsync(name);
            await faults.GetByRole(AriaRole.Button, new() { Name = "Set fault" }).ClickAsync();
            await Expect(room.Page.Locator("[aria-busy]")).ToHaveCountAsync(0);
        }
        (await room.Sandbox.SimGetAsync("/faults")).At("data").GetArrayLength().Should().Be(offered.Count);

        await faults.GetByLabel("As JSON, to be changed").FillAsync("""{"fault":"status","status":99}""");
        await faults.GetByRole(AriaRole.Button, new() { Name = "Set fault" }).ClickAsync();
        await room.ComplainsAsync("The request is not valid. faults[0].status must be from 400 to 599.");

        await faults.GetByRole(AriaRole.Button, new() { Name = "Take all back" }).ClickAsync();
        await room.SaysAsync("All faults are taken back.");
    }

    [Fact]
    public async Task A_webhook_is_looked_into_and_sent_again()
    {
        await using var room = await ControlRoom.OpenAsync(browser);
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = _ => 503;
        await receiver.SubscribeAsync(room.Sandbox);
        await room.Sandbox.CustomerAsync();
        var row = room.Row("Webhooks", "customer.endorsement.granted");
        await Expect(row).ToContainTextAsync("1 attempt · 503");
        receiver.Answer = _ => 200;

        await row.GetByRole(AriaRole.Button, new() { Name = "Send again customer.endorsement.granted" }).ClickAsync();
        await room.SaysAsync("customer.endorsement.granted was sent again.");
        await Expect(row).ToContainTextAsync("delivered");
        await row.Locator("summary").ClickAsync();

        await Expect(row.Locator("pre")).ToContainTextAsync("\"object\": \"customer\"");
        receiver.Inbox.Should().HaveCount(2);
    }

    [Fact]
    public async Task A_bank_transfer_is_sent_and_returned()
    {
        await using var room = await ControlRoom.OpenAsync(browser);
        await room.Sandbox.ReadyAsync();
        var bank = room.Section("Bank transfers in");
        await bank.GetByRole(AriaRole.Button, new() { Name = "Open one for Ana Reyes" }).ClickAsync();
        await room.SaysAsync("Ana Reyes has an account.");

        await bank.GetByLabel("USD").FillAsync("250.00");
        await bank.GetByRole(AriaRole.Button, new() { Name = "Send to Ana Reyes" }).ClickAsync();
        await room.SaysAsync("250.00 USD are on their way to Ana Reyes.");
        await room.Page.GetByRole(AriaRole.Button, new() { Name = "+ 1 min", Exact = true }).ClickAsync();
        await Expect(room.Row("Money moving", "250.00 usd to 248.75 usdc")).ToContainTextAsync("completed");
        await bank.GetByRole(AriaRole.Button, new() { Name = "Return 250.00 usd" }).ClickAsync();

        await room.SaysAsync("The sending bank took it back.");
        await Expect(room.Row("Money moving", "250.00 usd to 248.75 usdc")).ToContainTextAsync("failed: deposit_returned");
    }

    [Fact]
    public async Task What_compliance_holds_is_released_and_cash_that_lies_ready_is_collected()
    {
        await using var room = await ControlRoom.OpenAsync(browser);
        var sandbox = room.Sandbox;
        var (customer, wallet) = await sandbox.ReadyAsync();
        await sandbox.SimAsync($"/wallets/{wallet}/deposit", new { amount = "100.00" });
        await sandbox.SimAsync("/faults", new { fault = "hold" });
        var quote = await sandbox.PostAsync("/quotes", new
        {
            customerId = customer,
            source = new { walletId = wallet, asset = "usdc", network = "polygon", amount = "25.00" },
            destination = new { asset = "usd", network = "cash", cash = Fixture.Request("cash-in.create")["cash"] },
        });
        await sandbox.PostAsync("/transactions", new { quoteId = quote.Text("id") });
        var row = room.Row("Money moving", "25.00 usdc to 24.75 usd, out by cash");
        await Expect(row).ToContainTextAsync("held");

        await row.GetByRole(AriaRole.Button, new() { Name = "Release 24.75 usd of Ana Reyes" }).ClickAsync();
        await room.SaysAsync("Compliance let it go.");
        await sandbox.SettleAsync();
        await Expect(row).ToContainTextAsync("code ");
        await row.GetByRole(AriaRole.Button, new() { Name = "Collect the cash 24.75 usd of Ana Reyes" }).ClickAsync();

        await room.SaysAsync("The cash was collected.");
        await Expect(row).ToContainTextAsync("completed");
        await Expect(row.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_clock_moves_to_what_is_due_and_everything_can_be_forgotten()
    {
        await using var room = await ControlRoom.OpenAsync(browser);
        await room.Sandbox.CashInAsync();
        var before = room.Sandbox.Now();

        await room.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("To what is due") }).ClickAsync();
        await Expect(room.Section("Till")).ToContainTextAsync("ran out");
        room.Sandbox.Now().Should().BeOnOrAfter(before.AddMinutes(50));

        await room.Page.GetByRole(AriaRole.Button, new() { Name = "Forget all" }).ClickAsync();
        await room.Page.GetByRole(AriaRole.Button, new() { Name = "Keep it" }).ClickAsync();
        await Expect(room.Section("Till").GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
        await room.Page.GetByRole(AriaRole.Button, new() { Name = "Forget all" }).ClickAsync();
        await room.Page.GetByRole(AriaRole.Button, new() { Name = "Forget everything" }).ClickAsync();

        await Expect(room.Section("Till")).ToContainTextAsync("No code waits for cash.");
    }

    [Fact]
    public async Task The_key_it_shows_works_and_can_be_revoked()
    {
        await using var room = await ControlRoom.OpenAsync(browser);
        var values = await room.Section("Connect").Locator("dd code").AllInnerTextsAsync();

        using var token = await room.Sandbox.Http.PostAsync(
            $"{values[0]}/auth/token", new StringContent(JsonSerializer.Serialize(new { apiKey = values[1], apiSecret = values[2] })));
        token.IsSuccessStatusCode.Should().BeTrue();

        await room.Section("Connect").GetByRole(AriaRole.Button, new() { Name = "Revoke the key" }).ClickAsync();
        await room.SaysAsync("The key is revoked.");
        (await room.Sandbox.TryPostAsync("/auth/token", new { apiKey = values[1], apiSecret = values[2] })).IsSuccessStatusCode
            .Should().BeFalse();
    }

    [Fact]
    public async Task A_lost_connection_is_told_and_found_again()
    {
        await using var room = await ControlRoom.OpenAsync(browser);
        room.Tolerated.Add("ERR_FAILED");
        await room.Page.RouteAsync("**/_sim/**", route => route.AbortAsync());
        await Expect(room.Page.Locator("#connection")).ToHaveTextAsync("no connection");
        await room.Page.GetByRole(AriaRole.Button, new() { Name = "+ 1 h", Exact = true }).ClickAsync();
        await room.ComplainsAsync("The sandbox does not answer.");

        await room.Page.UnrouteAsync("**/_sim/**");

        await Expect(room.Page.Locator("#connection")).ToHaveTextAsync("live");
    }

    [Fact]
    public async Task Everything_can_be_done_with_the_keyboard()
    {
        await using var room = await ControlRoom.OpenAsync(browser);
        var cashIn = await room.Sandbox.CashInAsync();
        await Expect(room.Row("Till", cashIn.Text("depositInstructions.code"))).ToBeVisibleAsync();

        await room.Page.Keyboard.PressAsync("Tab");
        await Expect(room.Page.GetByRole(AriaRole.Link, new() { Name = "Skip to the till" })).ToBeFocusedAsync();
        await room.Page.Keyboard.PressAsync("Enter");
        await room.Page.Keyboard.PressAsync("Tab");
        await Expect(room.Section("Till").GetByLabel("USD")).ToBeFocusedAsync();
        await room.Page.Keyboard.PressAsync("Enter");

        await room.SaysAsync("100.00 USD handed over.");
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Nothing_keeps_anybody_out(ColorScheme scheme, int width)
    {
        var options = new BrowserNewContextOptions { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 } };
        await using var room = await ControlRoom.OpenAsync(browser, options);
        await using var receiver = await Receiver.StartAsync();
        await BusyDay.LiveThroughAsync(room, receiver);

        var found = await room.Page.RunAxe();

        found.Violations.Where(violation => violation.Impact is "serious" or "critical")
            .Select(
                violation => $"{violation.Id}: {violation.Help} {string.Join(" | ", violation.Nodes.Select(node => node.Html))}")
                    .Should().BeEmpty();
        var overflow = await room.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        overflow.Should().Be(0, "nothing sticks out at the side");
        await PicturesAsync(room, $"sandbox-{scheme}-{width}");
    }

    /// <summary>Pictures of the page for a look, when a folder for them is named.</summary>
    private static async Task PicturesAsync(ControlRoom room, string name)
    {
        if (Environment.GetEnvironmentVariable("OMS_WORKFLOWS_PICTURES") is { Length: > 0 } folder)
            await room.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }
}
