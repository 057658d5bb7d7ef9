using System.Net;

namespace OmsWorkflows.Functions.Tests.Notifications;

/// <summary>What is due is told, in order for each subject, again and again until it is taken or given up.</summary>
public sealed class NotificationSenderTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private static readonly CancellationToken Token = CancellationToken.None;

    [Fact]
    public async Task What_was_written_is_told_once_in_order_and_nothing_is_left_due()
    {
        using var ground = new NotificationGround();
        foreach (var sequence in (long[])[1, 2, 3])
            await ground.AddAsync("ci-1", sequence);

        await ground.PassAsync(Soon);
        await ground.PassAsync(Soon);

        ground.Receiver.Got.Select(told => told.Sequence).Should().Equal(1, 2, 3);
        (await ground.CountDueAsync()).Should().Be(0);
    }

    [Fact]
    public async Task A_message_that_is_not_taken_holds_back_those_behind_it_and_no_other_subject()
    {
        using var ground = new NotificationGround();
        ground.Receiver.Answer = (told, times)
            => told is { Subject: "ci-1", Sequence: 1 } && times < 3 ? HttpStatusCode.InternalServerError : HttpStatusCode.OK;
        await ground.AddAsync("ci-1", 1);
        await ground.AddAsync("ci-1", 2);
        await ground.AddAsync("ci-2", 1);

        await ground.PassAsync(Soon);
        ground.Receiver.Took.Select(told => told.Subject).Should().Equal("ci-2");
        for (var pass = 0; pass < 6; pass++)
            await ground.PassAsync(Soon);

        ground.Receiver.Took.Where(told => told.Subject == "ci-1").Select(told => told.Sequence).Should().Equal(1, 2);
        (await ground.CountDueAsync()).Should().Be(0);
    }

    [Fact]
    public async Task A_retry_has_the_same_id_and_body_and_a_signature_of_its_own_time()
    {
        using var ground = new NotificationGround();
        ground.Receiver.Answer = (_, times) => times == 1 ? null : HttpStatusCode.NoContent;
        await ground.AddAsync("ci-1", 1);

        await ground.PassAsync(Soon);
        await ground.PassAsync(Soon);

        var (first, second) = (ground.Receiver.Got[0], ground.Receiver.Got[1]);
        (second.Id, second.Body).Should().Be((first.Id, first.Body));
        second.Timestamp.Should().NotBe(first.Timestamp);
        second.Signature.Should().NotBe(first.Signature);
    }

    [Theory]
    [InlineData(HttpStatusCode.MovedPermanently)]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Gone)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task Anything_but_a_2xx_is_tried_for_three_days_and_then_a_dead_letter(HttpStatusCode answer)
    {
        using var ground = new NotificationGround();
        ground.Receiver.Answer = (told, _) => told.Sequence == 1 ? answer : HttpStatusCode.OK;
        await ground.AddAsync("ci-1", 1);
        await ground.AddAsync("ci-1", 2);

        for (var pass = 0; pass < 70; pass++)
            await ground.PassAsync(TimeSpan.FromHours(1));
        (await ground.Letters.ListAsync(10, null, Token)).Data.Should().BeEmpty("three days are not over");
        for (var pass = 0; pass < 12; pass++)
            await ground.PassAsync(TimeSpan.FromHours(1));

        var letter = (await ground.Letters.ListAsync(10, null, Token)).Data.Should().ContainSingle().Subject;
        (letter.Endpoint, letter.Subject, letter.Sequence, letter.Cause).Should().Be(("orders", "ci-1", 1, $"status_{(int)answer}"));
        ground.Receiver.Took.Select(told => told.Sequence).Should().Equal([2], "what is behind a dead letter goes on");
        (await ground.CountDueAsync()).Should().Be(0);
    }

    [Fact]
    public async Task An_endpoint_that_is_down_is_left_alone_for_a_while_and_the_others_go_on()
    {
        using var ground = new NotificationGround("orders", "books");
        ground.Receiver.Answer = (told, _) => told.Endpoint == "orders" ? null : HttpStatusCode.OK;
        for (var journey = 0; journey < 50; journey++)
            await ground.AddAsync($"ci-{journey}", 1);

        await ground.PassAsync(Soon);
        await ground.PassAsync(TimeSpan.FromSeconds(1));

        ground.Receiver.Took.Should().HaveCount(50).And.OnlyContain(told => told.Endpoint == "books");
        ground.Receiver.Got.Count(told => told.Endpoint == "orders").Should().BeLessThan(10);
    }

    [Theory]
    [InlineData("300", 5)]
    [InlineData("date", 5)]
    [InlineData("31536000", 60)]
    [InlineData("soon", 0)]
    [InlineData("-1", 0)]
    public async Task An_endpoint_that_asks_for_a_pause_gets_it_an_hour_at_most(string retryAfter, int minutes)
    {
        using var ground = new NotificationGround();
        ground.Receiver.RetryAfter = retryAfter == "date"
            ? (ground.Clock.GetUtcNow() + Soon + TimeSpan.FromMinutes(5)).ToString("R")
            : retryAfter;
        ground.Receiver.Answer = (_, _) => HttpStatusCode.TooManyRequests;
        await ground.AddAsync("ci-1", 1);
        await ground.PassAsync(Soon);
        ground.Receiver.Answer = (_, _) => HttpStatusCode.OK;

        await ground.AddAsync("ci-2", 1);
        if (minutes > 0)
            await ground.PassAsync(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
        ground.Receiver.Got.Should().ContainSingle("it asked to be left alone");
        await ground.PassAsync(Soon);

        ground.Receiver.Took.Select(told => told.Subject).Should().BeEquivalentTo("ci-1", "ci-2");
        (await ground.CountDueAsync()).Should().Be(0);
    }

    [Fact]
    public async Task What_waited_for_a_later_try_is_told_as_soon_as_the_endpoint_is_back()
    {
        using var ground = new NotificationGround();
        var down = true;
        ground.Receiver.Answer = (_, _) => down ? null : HttpStatusCode.OK;
        for (var journey = 0; journey < 5; journey++)
            await ground.AddAsync($"ci-{journey}", 1);
        for (var pass = 0; pass < 20; pass++)
            await ground.PassAsync(TimeSpan.FromMinutes(2));
        down = false;

        for (var pass = 0; pass < 3; pass++)
            await ground.PassAsync(TimeSpan.FromMinutes(1));

        ground.Receiver.Took.Select(told => told.Subject).Distinct().Should().HaveCount(5);
        (await ground.CountDueAsync()).Should().Be(0);
    }

    [Fact]
    public async Task Two_instances_do_not_tell_the_same_at_the_same_time()
    {
        using var ground = new NotificationGround();
        var (slow, gate) = await StuckAsync(ground);

        await ground.PassAsync(TimeSpan.Zero);
        ground.Receiver.Got.Should().BeEmpty("the other instance is at it");
        gate.SetResult();
        await slow;
        await ground.PassAsync(Soon);

        ground.Receiver.Got.Select(told => told.Sequence).Should().Equal(1, 2);
        (await ground.CountDueAsync()).Should().Be(0);
    }

    [Fact]
    public async Task What_an_instance_is_stuck_with_is_taken_over_and_stays_in_order()
    {
        using var ground = new NotificationGround();
        var (slow, _) = await StuckAsync(ground);

        await ground.PassAsync(TimeSpan.FromSeconds(30));
        await slow;
        await ground.PassAsync(TimeSpan.FromMinutes(1));

        ground.Receiver.Took.Select(told => told.Sequence).Should().Equal(1, 2);
        (await ground.CountDueAsync()).Should().Be(0);
    }

    /// <summary>One instance waits for an answer; the ground goes on as another one.</summary>
    private static async Task<(Task Slow, TaskCompletionSource Gate)> StuckAsync(NotificationGround ground)
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ground.Receiver.Gate = gate.Task;
        await ground.AddAsync("ci-1", 1);
        await ground.AddAsync("ci-1", 2);
        ground.Clock.Advance(Soon);
        var slow = ground.Sender.PassAsync("orders", Token);
        await ground.Receiver.Arrived.Task;
        ground.StartAnew();
        return (slow, gate);
    }

    [Fact]
    public async Task Without_a_secret_nothing_is_sent_and_nothing_is_lost()
    {
        using var ground = new NotificationGround();
        ground.Options.CurrentSecret = null;
        await ground.AddAsync("ci-1", 1);
        await ground.PassAsync(Soon);
        ground.Receiver.Got.Should().BeEmpty();

        ground.Options.NextSecret = Outbox.Outboxes.Secret;
        await ground.PassAsync(TimeSpan.FromMinutes(1));

        ground.Receiver.Took.Should().ContainSingle();
    }

    [Fact]
    public async Task Nothing_is_written_while_no_endpoint_is_set()
    {
        using var ground = new NotificationGround();
        ground.Options.Endpoints.Clear();

        await ground.AddAsync("ci-1", 1);

        var rows = new List<string>();
        await foreach (var row in ground.Tables.Outbox.QueryAsync<Azure.Data.Tables.TableEntity>())
            rows.Add(row.RowKey);
        rows.Should().BeEmpty();
        ground.Outbox.IsOn.Should().BeFalse();
    }
}
