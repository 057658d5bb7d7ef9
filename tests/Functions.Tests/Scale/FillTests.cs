using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Functions.Tests.Scale;

/// <summary>
/// The fill of the index is the one pass that costs more the more journeys have ended: when a version first starts, an hour later and a
/// day later it reads each table whole, a bounded part in a minute (docs/decisions/0015-reads-that-do-not-scan.md). So what it reads is
/// held to that, and whatever else it does to what it lists.
/// </summary>
public sealed class FillTests
{
    private const int PageSize = 500;
    private const int MostInARun = 20_000;

    private static readonly CancellationToken Token = CancellationToken.None;

    [Fact]
    public async Task Beside_few_and_many_that_are_listed_those_that_are_not_cost_the_same()
    {
        var (few, many) = (await FillAsync(50), await FillAsync(1_200));

        many.Should().Be(few);
        many.Should().BeGreaterThan(0);
    }

    [Fact]
    public async Task What_this_version_stores_is_listed_and_left_alone()
    {
        await using var world = await ScaleWorld.InMemoryAsync(0);
        await new RemovalMeasures(world).AddPersonAsync("cst_1", 5);
        world.Traffic.Reset();

        await new IndexFill(world.Indexed, world.Tables, world.Clock, NullLogger<IndexFill>.Instance).RunAsync(world.Engine.Client, Token);

        world.Traffic.Rows.Should().BeGreaterThan(4 * 5);
        (world.Traffic.Requests - world.Traffic.Queries).Should().Be(2 * world.Indexed.Count, "where each pass is gets read and written");
    }

    [Fact]
    public async Task A_run_reads_so_many_rows_of_a_table_and_the_next_one_goes_on()
    {
        await using var world = await ScaleWorld.InMemoryAsync(0);
        var table = new LargeTable(world.Tables.Intakes, 2 * MostInARun + 3 * PageSize);
        var fill = new IndexFill([table], world.Tables, world.Clock, NullLogger<IndexFill>.Instance);
        foreach (var expected in (int[])[MostInARun, 2 * MostInARun, table.Rows])
        {
            world.Traffic.Reset();
            await fill.RunAsync(world.Engine.Client, Token);
            table.Read.Should().Be(expected);
            world.Traffic.Requests.Should().Be(2, "where the pass is gets read and written");
        }

        await fill.RunAsync(world.Engine.Client, Token);
        table.Read.Should().Be(table.Rows, "the next pass begins an hour later");
    }

    /// <summary>What is asked of the tables but for the pages of the pass, where three journeys are in no list.</summary>
    private static async Task<int> FillAsync(int ended)
    {
        await using var world = await ScaleWorld.InMemoryAsync(ended);
        foreach (var number in Enumerable.Range(7, 3))
            foreach (var (table, partition, row) in EndedJourneys.ListedRows(world.Tables, number))
            {
                var listed = (await table.GetEntityAsync<TableEntity>(partition, row, cancellationToken: Token)).Value;
                listed.Remove(IndexFill.Indexed);
                await table.UpdateEntityAsync(listed, listed.ETag, TableUpdateMode.Replace, Token);
            }

        world.Traffic.Reset();
        await new IndexFill(world.Indexed, world.Tables, world.Clock, NullLogger<IndexFill>.Instance).RunAsync(world.Engine.Client, Token);

        world.Engine.Reads.Should().Be(3);
        world.Traffic.Rows.Should().Be(4 * ended, "an intake, a settlement, an event and a listener are read of each");
        world.Traffic.Queries.Should().Be(Pages(ended) + Pages(ended) + Pages(2 * ended));
        return world.Traffic.Requests - world.Traffic.Queries;

        static int Pages(int rows) => (rows + PageSize - 1) / PageSize;
    }

    /// <summary>A table with many rows, all of which are listed.</summary>
    private sealed class LargeTable(TableClient table, int rows) : IIndexedTable
    {
        private static readonly TableEntity[] Page =
            [.. Enumerable.Repeat(new TableEntity("p", "r") { [IndexFill.Indexed] = true }, PageSize)];

        public string Name => "Large";

        public TableClient Table => table;

        public int Rows => rows;

        /// <summary>How many were read.</summary>
        public int Read { get; private set; }

        public async IAsyncEnumerable<Page<TableEntity>> ReadAsync(
            int pageSize, string? position, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            pageSize.Should().Be(PageSize);
            for (var at = position is null ? 0 : int.Parse(position, CultureInfo.InvariantCulture); at < rows; at += pageSize)
            {
                await Task.CompletedTask;
                Read += pageSize;
                var next = at + pageSize < rows ? $"{at + pageSize}" : null;
                yield return Page<TableEntity>.FromValues(Page, next, Mock.Of<Response>());
            }
        }

        public Task<bool> ListAsync(TableEntity row, DurableTaskClient client, CancellationToken cancellationToken)
            => throw new InvalidOperationException("It is listed.");
    }
}
