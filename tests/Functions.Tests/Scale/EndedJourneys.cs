using Azure.Data.Tables;
using OmsWorkflows.CashIns;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;
using OmsWorkflows.Storage;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Scale;

/// <summary>
/// Fills tables with cash-ins that came to their end, one after the other by seconds: the rows that the app leaves of each, in as few
/// requests as that takes.
/// </summary>
internal static class EndedJourneys
{
    /// <summary>When the first of them was asked for.</summary>
    public static readonly DateTimeOffset First = Events.Start.AddDays(-40);

    private const int Customers = 1_000;
    private const int AtOnce = 24;

    public static async Task FillAsync(AppTables tables, int count, CancellationToken cancellationToken)
    {
        var index = new TableIndex(tables);
        var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, count).Chunk(20), limits, async (chunk, token) =>
        {
            await index.WriteAsync([.. chunk.SelectMany(RowsOf)], token);
            foreach (var number in chunk)
            {
                await tables.Intakes.AddEntityAsync(IntakeOf(number), token);
                await tables.Settlements.AddEntityAsync(SettlementRow.Write(Money(number)), token);
                var told = Told(number).Write();
                await tables.Inbox.SubmitTransactionAsync(
                    [
                        new(TableTransactionActionType.Add, told),
                        new(TableTransactionActionType.Add, new TableEntity(told.PartitionKey, Listeners.RowKey)
                        {
                            ["ResourceId"] = CashIn(number),
                            ["Listeners"] = $$"""[{"InstanceId":"{{Id(number)}}"}]""",
                            ["Since"] = At(number),
                        }),
                        new(TableTransactionActionType.Add, new TableEntity(told.PartitionKey, Listeners.OnlyKey(Id(number)))),
                    ],
                    token);
            }
        });
        foreach (var customer in Enumerable.Range(0, count).GroupBy(number => number % Customers))
            await new TableIndex(tables.Inbox, Customer(customer.Key)).WriteAsync(
                [.. customer.Select(number => JourneyIndex.RowOfCustomer(Id(number), At(number)))], cancellationToken);
    }

    public static string Id(int number) => $"ci-{number:D6}";

    public static string CashIn(int number) => $"ci_{number:D6}";

    public static string Transaction(int number) => $"txn_{number:D6}";

    public static string Customer(int number) => $"cst_{number % Customers}";

    public static DateTimeOffset At(int number) => First.AddSeconds(number);

    public static SettlementRecord Money(int number) => new(
        new Settlement(
            Transaction(number), CashIn(number), Customer(number), 120m, 2.30m, 117.70m, "usdc", "polygon", null, At(number).AddMinutes(1),
            Id(number)),
        SettlementState.Booked, At(number), null, null);

    private static IEnumerable<IndexChange> RowsOf(int number)
    {
        var position = IndexPosition.NewestFirst(At(number), Id(number));
        yield return IndexChange.Put(JourneyIndex.All(CashInWorkflow.Name), position, ("InstanceId", Id(number)));
        yield return IndexChange.Put(
            JourneyIndex.Ended(CashInWorkflow.Name, JourneyPhase.Completed), position, ("InstanceId", Id(number)));
        foreach (var found in FoundLists.Rows(
            Id(number), At(number), [CashIn(number), $"wlt_{number}", $"175 {number:D6}", $"user-{number}"]))
            yield return found;
        yield return InboxLists.KeptSince(CashIn(number), Events.Start);
        yield return InboxLists.KeptSince(Customer(number), Events.Start);
        foreach (var settled in SettlementLedger.RowsOf(Money(number).Settlement))
            yield return settled;
    }

    private static TableEntity IntakeOf(int number) => new(TableKey.Of(Id(number)), "intake")
    {
        ["InstanceId"] = Id(number),
        ["Orchestration"] = CashInWorkflow.Name,
        ["RequestHash"] = "",
        ["Input"] = "{}",
        ["ReceivedAt"] = At(number),
        ["State"] = nameof(IntakeState.Started),
        ["Closed"] = true,
        ["CustomerId"] = Customer(number),
        [IndexFill.Indexed] = true,
    };

    private static InboxEvent Told(int number)
    {
        var told = Events.CashInCompleted($"whd_{number}", CashIn(number), At(number));
        return told with
        {
            State = InboxState.Delivered,
            MadeBy = Id(number),
            Signal = told.Signal with { TransactionId = Transaction(number) },
        };
    }
}
