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

    public sealed class Ground : LocalMachine
    {
        internal ReceiverProcess Receiver { get; } = new();

        internal override MachineSettings Settings => new()
        {
            App = new Dictionary<string, string>
            {
                ["Notifications:Endpoints:team"] = Receiver.Url,
                ["Notifications:CurrentSecret"] = Receiver.Secret,
            },
        };
    }

    [Fact]
    public async Task A_receiver_that_was_down_and_an_app_that_was_killed_miss_nothing()
    {
        using var receiver = ground.Receiver;
        receiver.Start();
        var first = await ground.StartCashInAsync();
        await ground.PayAsync(first, 120m);
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
    public async Task A_span_is_replayed_to_a_receiver_that_forgot_it()
    {
        using var receiver = ground.Receiver;
        receiver.Start();
        var journey = await ground.StartCashInAsync();
        await ground.PayAsync(journey, 120m);
        await receiver.UntilToldAsync(journey, FromCodeToBooking.Length);
        receiver.Kill();
        receiver.Forget();
        receiver.Start();

        using var replayed = await ground.App.Http.PostAsync("/api/operations/notifications/replay?from=2020-01-01", null);
        replayed.StatusCode.Should().Be(HttpStatusCode.Accepted);
        await receiver.UntilToldAsync(journey, FromCodeToBooking.Length);

        receiver.Told(journey).Select(notification => notification.Type).Should().Equal(FromCodeToBooking);
    }

    private async Task RestartAppAsync()
    {
        await ground.Machine.App.KillAsync();
        await ground.Machine.App.StartAsync(default);
        await ground.App.WaitUntilReadyAsync(default);
    }
}
