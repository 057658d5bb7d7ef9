using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Functions.Tests.Tables;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Ledger;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Functions.Tests.Ledger;

/// <summary>
/// Transactions OMS has begun and not finished are followed until they are final (docs/decisions/0008-money-is-booked-once.md).
/// </summary>
public sealed class OpenTransactionsTests : IAsyncLifetime
{
    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly AppTables _tables = new InMemoryTables().Open();
    private readonly FakeTimeProvider _clock = new(Events.Start);
    private readonly Dictionary<string, string> _statuses = [];
    private OmsHarness _oms = null!;
    private SettlementLedger _ledger = null!;

    private OpenTransactions Open => new(
        _tables, Watching.For(_oms.Client, _ledger), _clock, NullLogger<OpenTransactions>.Instance);

    public async ValueTask InitializeAsync()
    {
        _oms = await OmsHarness.StartAsync();
        _ledger = new(_tables, _clock, NullLogger<SettlementLedger>.Instance);
        _oms.Stub.Answer = context =>
        {
            var id = context.Request.Path.Value!.Split('/')[^1];
            if (!_statuses.TryGetValue(id, out var status))
                return OmsStub.Json(HttpStatusCode.NotImplemented, "{}")(context);
            var transaction = Fixture.Node("resources/transaction.fiatToCrypto.completed.json").AsObject();
            transaction["id"] = id;
            transaction["status"] = status;
            return OmsStub.Json(HttpStatusCode.OK, transaction.ToJsonString())(context);
        };
    }

    public ValueTask DisposeAsync() => _oms.DisposeAsync();

    [Fact]
    public async Task One_that_is_noted_twice_is_one_row_and_stays_while_it_is_open()
    {
        await NoteAsync("txn_1", "processing");
        await NoteAsync("txn_1", "processing");

        await Open.FollowUpAsync(DateTimeOffset.MaxValue, Token);

        (await NotedAsync()).Should().Equal("txn_1");
    }

    [Theory]
    [InlineData("failed", false)]
    [InlineData("completed", true)]
    public async Task One_that_is_final_is_followed_no_more_and_its_money_is_in_the_ledger(string status, bool isKept)
    {
        await NoteAsync("txn_1", status);

        await Open.FollowUpAsync(DateTimeOffset.MaxValue, Token);

        (await NotedAsync()).Should().BeEmpty();
        ((await _ledger.FindAsync("txn_1", Token))?.State == SettlementState.Unclaimed).Should().Be(isKept);
    }

    [Fact]
    public async Task One_that_its_journey_may_still_book_waits()
    {
        await NoteAsync("txn_1", "completed");

        await Open.FollowUpAsync(DateTimeOffset.MinValue, Token);

        (await NotedAsync()).Should().Equal("txn_1");
        (await _ledger.FindAsync("txn_1", Token)).Should().BeNull();
    }

    [Fact]
    public async Task One_that_OMS_does_not_answer_for_and_a_damaged_row_keep_no_other()
    {
        await new TableIndex(_tables).WriteAsync([IndexChange.Put("unsettled", "0-bad")], Token);
        await Open.NoteAsync("txn_0_unanswered", Token);
        await NoteAsync("txn_1", "completed");

        await Open.FollowUpAsync(DateTimeOffset.MaxValue, Token);

        (await _ledger.FindAsync("txn_1", Token)).Should().NotBeNull();
        (await NotedAsync()).Should().Contain("txn_0_unanswered").And.NotContain("txn_1");
    }

    private Task NoteAsync(string id, string status)
    {
        _statuses[id] = status;
        return Open.NoteAsync(id, Token);
    }

    private async Task<IEnumerable<string?>> NotedAsync() => (await new TableIndex(_tables).ReadAsync("unsettled", new(), 10, Token))
        .Select(row => row.Text("TransactionId")).Where(id => id is not null);
}
