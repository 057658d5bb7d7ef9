using System.Net;
using Azure.Data.Tables;
using OmsWorkflows.Functions.Tests.Notifications;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Outbox;

namespace OmsWorkflows.Functions.Tests.Scale;

/// <summary>What one system of the team's own is told, beside all that it took of the journeys that ended.</summary>
internal sealed class NotificationMeasures : IMeasures, IDisposable
{
    private const string Endpoint = EndedJourneys.Endpoint;

    private static readonly CancellationToken Token = CancellationToken.None;
    private static readonly DateTimeOffset Old = Events.Start.AddDays(-60);

    private readonly ScaleWorld _world;
    private readonly NotificationGround _ground;

    public NotificationMeasures(ScaleWorld world)
    {
        _world = world;
        _ground = new NotificationGround(world.Tables, Endpoint);
        _ground.Options.Retention = TimeSpan.FromDays(50);
    }

    public void Dispose() => _ground.Dispose();

    /// <summary>Two past their retention, one of them a dead letter; a dead letter of a journey that ended; one that is due soon.</summary>
    public async Task PrepareAsync()
    {
        OutboxMessage[] old = [EndedJourneys.MessageOf("ci-old", 1, Old), EndedJourneys.MessageOf("ci-old", 2, Old)];
        foreach (var row in old.SelectMany(EndedJourneys.TakenRowsOf))
            await _world.Tables.Outbox.UpsertEntityAsync(row, TableUpdateMode.Replace, Token);
        await _ground.Letters.PutAsync(Endpoint, old[1], 9, "status_500", Token);
        await _ground.Letters.PutAsync(Endpoint, EndedJourneys.Message(7), 9, "status_500", Token);
        await _ground.AddAsync("ci-open", 1);
    }

    public async Task MeasureAsync(ScaleCosts costs)
    {
        await SendAsync("send notifications when none is due", TimeSpan.Zero, 0);
        await SendAsync("send a notification that is due", TimeSpan.FromSeconds(10), 1);
        await _ground.AddAsync("ci-open", 2);
        _ground.Receiver.Answer = (_, _) => HttpStatusCode.InternalServerError;
        await SendAsync("send a notification that is not taken", TimeSpan.FromSeconds(10), 1);
        await SendAsync("send notifications during its pause", TimeSpan.FromSeconds(1), 0);
        _ground.Receiver.Answer = (_, _) => HttpStatusCode.OK;
        await SendAsync("send it again after its pause", TimeSpan.FromSeconds(10), 1);

        await costs.MeasureAsync("notification dead letters", async ()
            => (await _ground.Letters.ListAsync(20, null, Token)).Data.Should().HaveCount(2));
        await QueueAsync("queue a dead letter once more", 1, () => _ground.Replay.RedriveAsync(Endpoint, EndedJourneys.Id(7), 1, Token));
        await SendAsync("send the dead letter", TimeSpan.FromSeconds(1), 1);
        await QueueAsync("queue ten of a span once more", 10, () => ReplayAsync(100, 109));
        await SendAsync("send the ten", TimeSpan.FromSeconds(1), 10);
        // The first ten, from the hour before theirs.
        await QueueAsync("queue those of two hours once more", 10, () => ReplayAsync(-60, 9));
        await SendAsync("send those of two hours", TimeSpan.FromSeconds(1), 10);
        await QueueAsync("queue a span that has none", 0, () => ReplayAsync(-7_200, -3_600));

        await costs.MeasureAsync("clean notifications of what is old", async () =>
        {
            await _ground.Cleaning.RunAsync(Token);
            (await _ground.Letters.ListAsync(20, null, Token)).Data.Should().BeEmpty();
        });
        await costs.MeasureAsync("clean notifications when nothing is old", () => _ground.Cleaning.RunAsync(Token));

        Task SendAsync(string what, TimeSpan later, int expected) => costs.MeasureAsync(what, async () =>
        {
            var before = _ground.Receiver.Got.Count;
            await _ground.PassAsync(later);
            _ground.Receiver.Got.Skip(before).Should().HaveCount(expected);
        });

        async Task QueueAsync(string what, int expected, Func<Task<int>> queue) => await costs.MeasureAsync(
            what, async () => (await queue()).Should().Be(expected));
    }

    private Task<int> ReplayAsync(int first, int last)
        => _ground.Replay.ReplayAsync(EndedJourneys.At(first), EndedJourneys.At(last), null, Token);
}
