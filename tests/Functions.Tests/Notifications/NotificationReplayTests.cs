using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using OmsWorkflows.Outbox;

namespace OmsWorkflows.Functions.Tests.Notifications;

/// <summary>What a person has told once more: dead letters, and spans of time.</summary>
public sealed class NotificationReplayTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private static readonly CancellationToken Token = CancellationToken.None;

    [Fact]
    public async Task A_dead_letter_that_is_driven_again_is_told_and_leaves_the_list()
    {
        using var ground = new NotificationGround();
        ground.Options.RetryFor = TimeSpan.Zero;
        ground.Receiver.Answer = (_, times) => times == 1 ? HttpStatusCode.InternalServerError : HttpStatusCode.OK;
        await ground.AddAsync("ci-1", 1);
        await ground.PassAsync(Soon);

        (await ground.Replay.RedriveAsync("orders", "ci-1", 1, Token)).Should().Be(1);
        (await ground.Letters.ListAsync(10, null, Token)).Data.Should().ContainSingle("it is listed until it is taken");
        await ground.PassAsync(Soon);

        (await ground.Letters.ListAsync(10, null, Token)).Data.Should().BeEmpty();
        ground.Receiver.Took.Should().ContainSingle();
        (await ground.CountDueAsync()).Should().Be(0);
    }

    [Fact]
    public async Task A_span_is_replayed_in_order_under_the_same_ids()
    {
        using var ground = new NotificationGround("orders", "books");
        foreach (var sequence in (long[])[1, 2, 3])
            await ground.AddAsync("ci-1", sequence);
        await ground.PassAsync(Soon);
        var before = ground.Receiver.Got.Where(told => told.Endpoint == "books").ToList();

        var queued = await ground.Replay.ReplayAsync(
            ground.Clock.GetUtcNow() - TimeSpan.FromDays(1), ground.Clock.GetUtcNow(), "books", Token);
        await ground.PassAsync(Soon);

        queued.Should().Be(3);
        var after = ground.Receiver.Got.Where(told => told.Endpoint == "books").Skip(before.Count);
        after.Select(told => (told.Id, told.Body)).Should().Equal(before.Select(told => (told.Id, told.Body)));
        ground.Receiver.Got.Count(told => told.Endpoint == "orders").Should().Be(3);
    }

    [Theory]
    [InlineData("14:20", "14:40", "14:20 14:40")]
    [InlineData("14:21", "14:39", "")]
    [InlineData("13:59", "15:00", "14:00 14:20 14:40 15:00")]
    [InlineData("14:40", "17:00", "14:40 15:00 16:30 17:00")]
    [InlineData("15:01", "16:29", "")]
    [InlineData("15:00", "14:00", "")]
    public async Task A_replay_takes_what_happened_from_the_one_time_up_to_the_other(string from, string to, string expected)
    {
        using var ground = new NotificationGround();
        foreach (var time in (string[])["14:00", "14:20", "14:40", "15:00", "16:30", "17:00"])
            await ground.Outbox.AddAsync(time, 1, "cashIn.completed", At(time), new JsonObject { ["id"] = time }, Token);
        await ground.PassAsync(Soon);
        ground.Receiver.Got.Clear();

        var queued = await ground.Replay.ReplayAsync(At(from), At(to), null, Token);
        await ground.PassAsync(Soon);

        string[] times = [.. expected.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        queued.Should().Be(times.Length);
        ground.Receiver.Took.Select(told => told.Subject).Should().BeEquivalentTo(times);

        static DateTimeOffset At(string time) => DateTimeOffset.Parse($"2026-06-10T{time}Z", CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_replay_that_is_not_taken_stays_in_order()
    {
        using var ground = new NotificationGround();
        foreach (var sequence in (long[])[1, 2, 3])
            await ground.AddAsync("ci-1", sequence);
        await ground.PassAsync(Soon);
        ground.Receiver.Got.Clear();
        ground.Receiver.Answer = (told, times) => told.Sequence == 2 && times == 1 ? null : HttpStatusCode.OK;

        await ground.Replay.ReplayAsync(DateTimeOffset.UnixEpoch, ground.Clock.GetUtcNow(), null, Token);
        for (var pass = 0; pass < 4; pass++)
            await ground.PassAsync(Soon);

        ground.Receiver.Took.Select(told => told.Sequence).Should().Equal(1, 2, 3);
    }

    [Fact]
    public async Task A_dead_letter_whose_message_is_not_kept_any_more_leaves_the_list_when_it_is_driven_again()
    {
        using var ground = new NotificationGround();
        ground.Options.RetryFor = TimeSpan.Zero;
        ground.Receiver.Answer = (_, _) => HttpStatusCode.InternalServerError;
        await ground.AddAsync("ci-1", 1);
        await ground.PassAsync(Soon);
        await ground.Tables.Outbox.DeleteEntityAsync(OutboxKeys.Subject("ci-1"), OutboxKeys.Message(1), cancellationToken: Token);

        (await ground.Replay.RedriveAsync("orders", "ci-1", 1, Token)).Should().Be(1);
        await ground.PassAsync(Soon);

        (await ground.Letters.ListAsync(10, null, Token)).Data.Should().BeEmpty();
        (await ground.CountDueAsync()).Should().Be(0);
    }
}
