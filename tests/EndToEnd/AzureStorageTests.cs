using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OmsWorkflows.Local.AppHost;
using OmsWorkflows.Local.AppHost.Calls;
using OmsWorkflows.Machines;

namespace OmsWorkflows.EndToEnd;

/// <summary>
/// The same app on the published Azure Storage backend: nothing of a journey depends on the local store. The journeys run side by side, and
/// in their midst the host is killed.
/// </summary>
public sealed class AzureStorageTests(AzureStorageTests.Ground ground) : IClassFixture<AzureStorageTests.Ground>
{
    public sealed class Ground : LocalMachine
    {
        internal override MachineSettings Settings => new()
        {
            Store = Store.Azurite,
            Sandbox = new Dictionary<string, string> { ["Sandbox:CodeLifetime"] = "00:00:15", ["Sandbox:ExpirySweep"] = "00:00:01" },
        };

        /// <summary>Paid at once.</summary>
        internal Task<JourneyDocument> Booked { get; private set; } = NotStarted;

        /// <summary>Cancelled while it waited for cash.</summary>
        internal Task<JourneyDocument> Cancelled { get; private set; } = NotStarted;

        /// <summary>Its code runs out while no host runs; paid with the next one.</summary>
        internal Task<JourneyDocument> Refreshed { get; private set; } = NotStarted;

        /// <summary>Out of the wallet of the one that was booked.</summary>
        internal Task<JourneyDocument> PaidOut { get; private set; } = NotStarted;

        private static Task<JourneyDocument> NotStarted => Task.FromException<JourneyDocument>(new InvalidOperationException());

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            (Booked, Cancelled) = (BookAsync(), CancelAsync());
            await Task.WhenAll(Booked, Cancelled);
            var waiting = await StartCashInAsync();
            await UntilPhaseAsync(waiting, "AwaitingDeposit");
            await Machine.App.KillHostAsync();
            await Machine.App.StartAsync(default);
            await App.WaitUntilReadyAsync(default);
            (Refreshed, PaidOut) = (PayTheNextCodeAsync(waiting), PayOutAsync());
        }

        private async Task<JourneyDocument> BookAsync()
        {
            var id = await StartCashInAsync();
            await PayAsync(id, 120m);
            return await UntilPhaseAsync(id, "Completed");
        }

        private async Task<JourneyDocument> CancelAsync()
        {
            var id = await StartCashInAsync();
            await UntilPhaseAsync(id, "AwaitingDeposit");
            await App.CommandAsync(id, "cancel", default);
            return await UntilAsync(id, document => document.Ended);
        }

        private async Task<JourneyDocument> PayTheNextCodeAsync(string id)
        {
            var next = await UntilAsync(id, document => document is { Phase: "AwaitingDeposit", Deposit.Round: > 0 });
            (await Till.PayAsync(next.NeedDeposit().Code, 120m, default)).Should().Be("00");
            return await UntilPhaseAsync(id, "Completed");
        }

        private async Task<JourneyDocument> PayOutAsync()
        {
            var booked = await Booked;
            var customer = booked.NeedCustomerId();
            var order = new
            {
                CustomerId = customer,
                WalletId = booked.NeedWallet().Id,
                ExternalAccountId = await Sandbox.BankAccountAsync(customer),
                Send = "25.00",
                AutoConfirm = true,
            };
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/payouts") { Content = JsonContent.Create(order) };
            request.Headers.Add("Idempotency-Key", $"e2e-{Guid.NewGuid():N}");
            using var response = await App.Http.SendAsync(request);
            var started = JourneyDocument.Of((await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>())!);
            return await UntilAsync($"payouts/{started.Id}", document => document.Phase == "Completed");
        }
    }

    [Fact]
    public async Task CashIn_OrchestrationsInAzureStorage_IsBooked()
    {
        LocalMachine.ShouldBeBooked(await ground.Booked);
        File.Exists(Path.Combine(ground.Machine.Folder, "durable.db")).Should().BeFalse("the local store took no part");
    }

    [Fact]
    public async Task CashIn_CancelledWhileItWaits_EndsAsCancelled() => (await ground.Cancelled).Phase.Should().Be("Cancelled");

    [Fact]
    public async Task Code_RunsOutWhileTheHostIsDead_IsRefreshedAndTheNewOnePaid() => LocalMachine.ShouldBeBooked(await ground.Refreshed);

    [Fact]
    public async Task Payout_AfterTheHostWasKilled_LandsOnce()
    {
        var done = await ground.PaidOut;

        done.NeedPayout().Sent.Should().Be(25.00m);
        var wallet = (await ground.Booked).NeedWallet();
        (await ground.Sandbox.BalanceAsync(wallet.Id)).Should().Be("92.700000", "117.70 came in and 25.00 went out, once");
    }
}
