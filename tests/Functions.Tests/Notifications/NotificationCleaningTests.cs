using System.Net;
using System.Text.Json.Nodes;
using Azure.Data.Tables;

namespace OmsWorkflows.Functions.Tests.Notifications;

/// <summary>What was told of is kept until its retention is over, and then goes with all that belongs to it.</summary>
public sealed class NotificationCleaningTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private static readonly CancellationToken Token = CancellationToken.None;

    [Fact]
    public async Task What_is_past_its_retention_is_removed_and_the_rest_stays()
    {
        using var ground = new NotificationGround();
        await TellOneAMonthBeforeTheOtherAsync(ground);

        await ground.Cleaning.RunAsync(Token);

        var rows = new List<string>();
        await foreach (var row in ground.Tables.Outbox.QueryAsync<TableEntity>())
            rows.Add($"{row.PartitionKey}/{row.RowKey}");
        rows.Should().HaveCount(3).And.NotContain(row => row.Contains("ci-1"), "message, line and entry of the other are left");
    }

    [Fact]
    public async Task A_dead_letter_goes_with_its_message_also_when_its_endpoint_is_not_set_any_more()
    {
        using var ground = new NotificationGround("orders", "books");
        ground.Options.RetryFor = TimeSpan.Zero;
        ground.Receiver.Answer = (_, _) => HttpStatusCode.InternalServerError;
        await TellOneAMonthBeforeTheOtherAsync(ground);
        (await ground.Letters.ListAsync(10, null, Token)).Data.Should().HaveCount(4);
        ground.Options.Endpoints.Remove("books");

        await ground.Cleaning.RunAsync(Token);

        (await ground.Letters.ListAsync(10, null, Token)).Data.Select(letter => (letter.Endpoint, letter.Subject))
            .Should().Equal(("books", "ci-2"), ("orders", "ci-2"));
    }

    private static async Task TellOneAMonthBeforeTheOtherAsync(NotificationGround ground)
    {
        await ground.AddAsync("ci-1", 1);
        await ground.PassAsync(Soon);
        ground.Clock.Advance(TimeSpan.FromDays(31));
        await ground.Outbox.AddAsync(
            "ci-2", 1, "cashIn.completed", ground.Clock.GetUtcNow(), new JsonObject { ["id"] = "ci-2" }, Token);
        await ground.PassAsync(Soon);
    }
}
