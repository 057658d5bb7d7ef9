using System.Net;
using System.Text.Json.Nodes;
using OmsWorkflows.Machines;

namespace OmsWorkflows.EndToEnd;

/// <summary>
/// Over real processes: the receiver is killed for a while, the app is killed in between, and the receiver has missed nothing and has it in
/// order.
/// </summary>
public sealed class NotificationTests(NotificationTests.Ground ground) : IClassFixture<NotificationTests.Ground>
{
    private static readonly string[] FromCodeToBooking =
        ["cashIn.customerCreated", "cashIn.codeIssued", "cashIn.cashTaken", "cashIn.completed"];

    /// <summary>As long as a receiver can be given to answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public sealed class Ground : LocalMachine
    {
        internal ReceiverProcess Receiver { get; } = new();

        internal HungReceiver Hung { get; } = new();

        internal override MachineSettings Settings => new()
        {
            App = new Dictionary<string, string>
            {
                ["Notifications:Endpoints:team"] = Receiver.Url,
                ["Notifications:Endpoints:hung"] = Hung.Url,
                ["Notifications:CurrentSecret"] = Receiver.Secret,
                ["Notifications:Timeout"] = $"{Patience}",
            },
        };

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            Hung.Dispose();
        }
    }

    [Fact]
    public async Task A_receiver_that_was_down_and_an_app_that_was_killed_miss_nothing()
    {
        using var receiver = ground.Receiver;
        receiver.Start();
        var first = await PayInAsync();
        await ground.UntilPhaseAsync(first, "Completed");
        await receiver.UntilToldAsync(first, FromCodeToBooking.Length);

        receiver.Kill();
        var second = await ground.StartCashInAsync();
        await ground.UntilPhaseAsync(second, "AwaitingDeposit");
        await RestartAppAsync();
        await ground.PayAsync(second, 120m);
        LocalMachine.ShouldBeBooked(await ground.UntilPhaseAsync(second, "Completed"));
        await RestartAppAsync();
        receiver.Start();
        await receiver.UntilToldAsync(second, FromCodeToBooking.Length);

        foreach (var journey in (string[])[first, second])
        {
            var told = receiver.Told(journey);
            told.Select(notification => notification.Type).Should().Equal(FromCodeToBooking);
            told.Select(notification => notification.Sequence).Should().Equal(1, 2, 3, 4);
        }

        var last = receiver.Told(second)[^1].Data;
        var document = await ground.App.GetCashInAsync(second, default);
        JsonNode.DeepEquals(last, document.Raw).Should().BeTrue("the data is the status document");
    }

    [Fact]
    public async Task A_receiver_that_never_answers_slows_no_journey_and_no_other_receiver()
    {
        using var receiver = ground.Receiver;
        receiver.Start();

        var journey = await PayInAsync();
        LocalMachine.ShouldBeBooked(await ground.UntilPhaseAsync(journey, "Completed"));
        var told = await receiver.UntilToldAsync(journey, FromCodeToBooking.Length);

        told.Select(notification => notification.Type).Should().Equal(FromCodeToBooking);
        await ground.Hung.Asked.WaitAsync(Limits.Wait);
    }

    [Fact]
    public async Task A_span_is_replayed_by_the_command_line_to_a_receiver_that_forgot_it()
    {
        using var receiver = ground.Receiver;
        receiver.Start();
        var from = $"{DateTimeOffset.UtcNow:O}";
        var journey = await PayInAsync();
        await receiver.UntilToldAsync(journey, FromCodeToBooking.Length);
        receiver.Kill();
        receiver.Forget();
        receiver.Start();

        var replayed = await ground.Machine.App.RunCommandAsync(
            "notifications", "replay", from, $"{DateTimeOffset.UtcNow:O}");
        replayed.Code.Should().Be(0, replayed.Output);
        JsonNode.Parse(replayed.Output)!["queued"]!.GetValue<int>().Should().BeGreaterThanOrEqualTo(2 * FromCodeToBooking.Length);
        (await receiver.UntilToldAsync(journey, FromCodeToBooking.Length))
            .Select(notification => notification.Type).Should().Equal(FromCodeToBooking);

        var dead = await ground.Machine.App.RunCommandAsync("notifications", "dead");
        (dead.Code, dead.Output.Trim()).Should().Be((0, "[]"), "three days are not over");
        var redriven = await ground.Machine.App.RunCommandAsync("notifications", "redrive", "team");
        redriven.Code.Should().Be(0, redriven.Output);
        JsonNode.Parse(redriven.Output)!["queued"]!.GetValue<int>().Should().Be(0);
    }

    [Fact]
    public async Task A_span_is_replayed_to_a_receiver_that_forgot_it()
    {
        using var receiver = ground.Receiver;
        receiver.Start();
        var journey = await PayInAsync();
        await receiver.UntilToldAsync(journey, FromCodeToBooking.Length);
        receiver.Kill();
        receiver.Forget();
        receiver.Start();

        using var replayed = await ground.App.Http.PostAsync("/api/operations/notifications/replay?from=2020-01-01", null);
        replayed.StatusCode.Should().Be(HttpStatusCode.Accepted);
        await receiver.UntilToldAsync(journey, FromCodeToBooking.Length);

        receiver.Told(journey).Select(notification => notification.Type).Should().Equal(FromCodeToBooking);
    }

    /// <summary>Starts a cash-in, and hands over the cash once it has a code.</summary>
    private async Task<string> PayInAsync()
    {
        var journey = await ground.StartCashInAsync();
        await ground.PayAsync(journey, 120m);
        return journey;
    }

    private async Task RestartAppAsync()
    {
        await ground.Machine.App.KillAsync();
        await ground.Machine.App.StartAsync(default);
        await ground.App.WaitUntilReadyAsync(default);
    }
}
