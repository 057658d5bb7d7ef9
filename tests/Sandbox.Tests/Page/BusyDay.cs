using OmsWorkflows.Sandbox.Tests.Banking;
using OmsWorkflows.Sandbox.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace OmsWorkflows.Sandbox.Tests.Page;

/// <summary>A sandbox in which a bit of everything happened, so that every part of the page has something to show.</summary>
internal static class BusyDay
{
    public static async Task LiveThroughAsync(ControlRoom room, Receiver receiver)
    {
        var sandbox = room.Sandbox;
        await receiver.SubscribeAsync(sandbox);
        var (customer, wallet) = await sandbox.ReadyAsync();
        var paid = await sandbox.PostAsync("/cash-ins", SandboxHost.CashInRequest(customer, wallet));
        await sandbox.PayAsync(paid.Text("depositInstructions.code"));
        await sandbox.SettleAsync();
        var old = await sandbox.PostAsync("/cash-ins", SandboxHost.CashInRequest(customer, wallet, "60.00"));
        await sandbox.SimAsync("/endorsements", new { decision = "issues", next = true });
        await sandbox.CustomerAsync();
        await sandbox.SimAsync("/endorsements", new { decision = "reject", next = true });
        await sandbox.CustomerAsync();

        var account = await sandbox.PostAsync("/virtual-accounts", DepositTests.Request(customer, wallet));
        await sandbox.PostAsync($"/virtual-accounts/{account.Text("id")}/simulate", new { amount = "40.00", rail = "ach" });
        await sandbox.SettleAsync();
        await sandbox.SimAsync("/faults", new { fault = "hold" });
        await sandbox.PostAsync($"/virtual-accounts/{account.Text("id")}/simulate", new { amount = "900.00", rail = "wire" });
        await sandbox.SimAsync("/faults", new { fault = "drop", match = new { @event = "cashIn.expired" } });
        await sandbox.SimAsync(
            "/faults", new { fault = "stall", bytes = 10, times = "always", match = new { method = "POST", path = "/cash-ins" } });
        await sandbox.AdvanceAsync(TimeSpan.FromMinutes(58));
        await sandbox.SignInAsync();
        await sandbox.SimAsync(
            "/faults", new { fault = "status", status = 429, retryAfter = 3600, skip = 2, match = new { path = "/cash-ins" } });
        await Expect(room.Row("Till", old.Text("depositInstructions.code"))).ToBeVisibleAsync();
        await Expect(room.Row("Faults", "retryAfter")).ToBeVisibleAsync();
    }
}
