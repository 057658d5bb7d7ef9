using Azure;
using Azure.Data.Tables;

namespace OmsWorkflows.Functions.Tests.Tables;

/// <summary>The tables in memory answer as Azurite does.</summary>
public sealed class InMemoryTablesTests(Azurite azurite)
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 10, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Same_calls_get_the_same_answers()
    {
        var inMemory = await TryAllAsync(new InMemoryTables().Open().Inbox);
        var onAzurite = await TryAllAsync((await azurite.TablesAsync()).Inbox);

        inMemory.Should().Equal(onAzurite).And.HaveCountGreaterThan(20);
    }

    [Theory]
    [InlineData(TableFailure.Before, false)]
    [InlineData(TableFailure.After, true)]
    internal async Task A_failing_call_fails_before_or_after_its_effect(TableFailure failure, bool isThere)
    {
        var tables = new InMemoryTables { Failing = call => call.Method == "POST" ? failure : TableFailure.None };
        var table = tables.Open().Inbox;

        await FluentActions.Awaiting(() => table.AddEntityAsync(new TableEntity("p", "r"))).Should().ThrowAsync<RequestFailedException>();
        (await table.GetEntityIfExistsAsync<TableEntity>("p", "r")).HasValue.Should().Be(isThere);
    }

    private static async Task<List<string>> TryAllAsync(TableClient table)
    {
        var answers = new List<string>();
        await Note("get what is not there", async () => (await table.GetEntityIfExistsAsync<TableEntity>("ci_1", "event:1")).HasValue);
        await Note("add", async () => (await table.AddEntityAsync(Row("ci_1", "event:1", "Waiting", Noon))).Status);
        await Note("add again", async () => (await table.AddEntityAsync(Row("ci_1", "event:1", "Waiting", Noon))).Status);
        await Note(
            "upsert", async () => (await table.UpsertEntityAsync(Row("ci_1", "listener:a", "", Noon), TableUpdateMode.Replace)).Status);
        await Note(
            "upsert again",
            async () => (await table.UpsertEntityAsync(Row("ci_1", "listener:a", "", Noon), TableUpdateMode.Replace)).Status);
        await Note("add another", async () => (await table.AddEntityAsync(Row("ci_2", "event:2~0020x", "Dead", Noon.AddHours(1)))).Status);
        var read = (await table.GetEntityIfExistsAsync<TableEntity>("ci_1", "event:1")).Value!;
        await Note(
            "read",
            () => Task.FromResult(
                $"{read.GetString("State")} {read.GetInt64("Sequence")} {read.GetBoolean("Settles")} "
                    + $"{read.GetDateTimeOffset("ReceivedAt"):O} {read.GetString("None")}"));
        await Note(
            "merge as read",
            async () => (await table.UpdateEntityAsync(
                new TableEntity("ci_1", "event:1") { ["State"] = "Delivered" }, read.ETag, TableUpdateMode.Merge)).Status);
        await Note(
            "merge as it was",
            async () => (await table.UpdateEntityAsync(
                new TableEntity("ci_1", "event:1") { ["State"] = "Dead" }, read.ETag, TableUpdateMode.Merge)).Status);
        await Note(
            "merge any",
            async () => (await table.UpdateEntityAsync(
                new TableEntity("ci_1", "event:1") { ["Settles"] = false }, ETag.All, TableUpdateMode.Merge)).Status);
        await Note(
            "merge what is not there",
            async () => (await table.UpdateEntityAsync(
                new TableEntity("ci_9", "event:1") { ["State"] = "Dead" }, ETag.All, TableUpdateMode.Merge)).Status);
        await Note(
            "replace",
            async () => (await table.UpdateEntityAsync(
                Row("ci_2", "event:2~0020x", "Waiting", Noon), ETag.All, TableUpdateMode.Replace)).Status);
        foreach (var filter in (string[])
        [
            TableClient.CreateQueryFilter($"PartitionKey eq {"ci_1"} and RowKey ge {"event:"} and RowKey lt {"event;"}"),
            TableClient.CreateQueryFilter($"PartitionKey eq {"ci_2"}"),
            TableClient.CreateQueryFilter($"PartitionKey gt {"ci_1"} and PartitionKey lt {"ci_9"}"),
            TableClient.CreateQueryFilter($"State eq {"Waiting"} or Settles eq {true}"),
            TableClient.CreateQueryFilter(
                $"(RowKey ge {"event:"} and RowKey lt {"event;"}) and (ReceivedAt lt {Noon.AddMinutes(1)} and Settles eq {false})"),
            TableClient.CreateQueryFilter($"ReceivedAt ge {Noon} and ReceivedAt le {Noon}"),
            TableClient.CreateQueryFilter($"Missing eq {"x"}"),
        ])
            await Note(filter, () => KeysAsync(table, filter));
        await Note("all", () => KeysAsync(table, null));
        await Note("a page", async () => await FirstPageAsync(table, 2));
        await Note(
            "together",
            async () => (await table.SubmitTransactionAsync(
                [
                    new(TableTransactionActionType.Add, Row("ci_1", "event:3", "Waiting", Noon)),
                    new(TableTransactionActionType.UpsertReplace, Row("ci_1", "only:a", "", Noon)),
                    new(TableTransactionActionType.UpdateMerge, new TableEntity("ci_1", "listener:a"), ETag.All),
                ])).Value.Count);
        await Note(
            "together with what is there",
            async () => (await table.SubmitTransactionAsync(
                [
                    new(TableTransactionActionType.UpsertReplace, Row("ci_1", "only:b", "", Noon)),
                    new(TableTransactionActionType.Add, Row("ci_1", "event:3", "Waiting", Noon)),
                ])).Value.Count);
        await Note(
            "together with what is not there",
            async () => (await table.SubmitTransactionAsync(
                [
                    new(TableTransactionActionType.UpsertReplace, Row("ci_1", "only:b", "", Noon)),
                    new(TableTransactionActionType.Delete, new TableEntity("ci_1", "nobody"), ETag.All),
                ])).Value.Count);
        await Note("all after those", () => KeysAsync(table, null));
        await Note("delete", async () => (await table.DeleteEntityAsync("ci_1", "listener:a", ETag.All)).Status);
        await Note("delete again", async () => (await table.DeleteEntityAsync("ci_1", "listener:a", ETag.All)).Status);
        await Note("delete as it was", async () => (await table.DeleteEntityAsync("ci_1", "event:1", read.ETag)).Status);
        await Note("all that is left", () => KeysAsync(table, null));
        return answers;

        async Task Note<T>(string what, Func<Task<T>> call)
        {
            try
            {
                answers.Add($"{what}: {await call()}");
            }
            catch (RequestFailedException e)
            {
                answers.Add($"{what}: e with {e.Status} {e.ErrorCode}");
            }
        }
    }

    private static async Task<string> FirstPageAsync(TableClient table, int size)
    {
        await foreach (var page in table.QueryAsync<TableEntity>("PartitionKey eq 'ci_1'", size).AsPages(null, size))
            return $"{page.Values.Count} {page.ContinuationToken is null}";
        return "none";
    }

    private static async Task<string> KeysAsync(TableClient table, string? filter)
    {
        var keys = new List<string>();
        await foreach (var row in table.QueryAsync<TableEntity>(filter))
            keys.Add($"{row.PartitionKey}/{row.RowKey}={row.GetString("State")}");
        return string.Join(' ', keys);
    }

    private static TableEntity Row(string partition, string row, string state, DateTimeOffset at) => new(partition, row)
    {
        ["State"] = state,
        ["Sequence"] = 5L,
        ["Settles"] = true,
        ["ReceivedAt"] = at,
        ["None"] = null,
    };
}
