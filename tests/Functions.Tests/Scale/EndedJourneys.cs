using System.Globalization;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using OmsWorkflows.Actions;
using OmsWorkflows.CashIns;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;
using OmsWorkflows.Outbox;
using OmsWorkflows.Storage;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Scale;

/// <summary>
/// Cash-ins that came to their end, one after the other by seconds: the rows that the app leaves of each.
/// </summary>
internal static class EndedJourneys
{
    /// <summary>When the first of them was asked for.</summary>
    public static readonly DateTimeOffset First = Events.Start.AddDays(-40);

    /// <summary>The system of the team's own that was told of them.</summary>
    public const string Endpoint = "orders";

    private const int Customers = 1_000;
    private const int MostAtOnce = 100;

    /// <summary>Puts them into tables that can be reached, a partition after the other.</summary>
    public static async Task FillAsync(AppTables tables, int count, CancellationToken cancellationToken)
    {
        foreach (var partition in AllRowsOf(tables, count).GroupBy(each => (each.Table, each.Row.PartitionKey)))
            foreach (var chunk in partition.Chunk(MostAtOnce))
                await partition.Key.Table.SubmitTransactionAsync(
                    chunk.Select(each => new TableTransactionAction(TableTransactionActionType.Add, each.Row)), cancellationToken);
    }

    /// <summary>Writes them to a file for <c>filled-azurite.js</c>, one row a line.</summary>
    public static async Task WriteAsync(AppTables tables, int count, string file, CancellationToken cancellationToken)
    {
        await using var writer = File.CreateText(file);
        foreach (var (table, row) in AllRowsOf(tables, count))
            await writer.WriteLineAsync(Line(table, row).AsMemory(), cancellationToken);
    }

    private static string Line(TableClient table, TableEntity row)
    {
        var line = new JsonObject { ["table"] = table.Name };
        foreach (var (column, value) in row)
        {
            if (value is null)
                continue;
            (line[column], var type) = value switch
            {
                string or bool => ((JsonNode?)JsonValue.Create(value), (string?)null),
                byte[] bytes => (Convert.ToBase64String(bytes), "Edm.Binary"),
                long number => (number.ToString(CultureInfo.InvariantCulture), "Edm.Int64"),
                DateTimeOffset time => (time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), "Edm.DateTime"),
                _ => throw new NotSupportedException($"{column} is a {value.GetType()}, which is not written here."),
            };
            if (type is not null)
                line[$"{column}@odata.type"] = type;
        }

        return line.ToJsonString();
    }

    private static IEnumerable<(TableClient Table, TableEntity Row)> AllRowsOf(AppTables tables, int count)
        => Enumerable.Range(0, count).SelectMany(number => RowsOf(tables, number));

    private static IEnumerable<(TableClient Table, TableEntity Row)> RowsOf(AppTables tables, int number)
    {
        var index = new TableIndex(tables);
        foreach (var listed in ListedAs(number))
            yield return (tables.Index, (TableEntity)index.ToAction(listed).Entity);
        yield return (tables.Intakes, IntakeOf(number));
        yield return (tables.Settlements, Listed(SettlementRow.Write(Money(number))));
        var told = Told(number).Write();
        yield return (tables.Inbox, told);
        yield return (tables.Inbox, Listed(new(told.PartitionKey, Listeners.RowKey)
        {
            ["ResourceId"] = CashIn(number),
            ["Listeners"] = $$"""[{"InstanceId":"{{Id(number)}}"}]""",
            ["Since"] = At(number),
        }));
        yield return (tables.Inbox, new TableEntity(told.PartitionKey, Listeners.OnlyKey(Id(number))));
        var ofCustomer = new TableIndex(tables.Inbox, Customer(number)).ToAction(JourneyIndex.RowOfCustomer(Id(number), At(number)));
        yield return (tables.Inbox, (TableEntity)ofCustomer.Entity);
        foreach (var row in TakenRowsOf(Message(number)))
            yield return (tables.Outbox, row);
        yield return (tables.Actions, ActionLog.ToRow(Id(number), "refresh", new(At(number), "refresh", "function key")));
    }

    /// <summary>The rows of one of them that stand in lists.</summary>
    public static IEnumerable<(TableClient Table, string Partition, string Row)> ListedRows(AppTables tables, int number)
        => RowsOf(tables, number).Where(each => each.Row.ContainsKey(IndexFill.Indexed))
            .Select(each => (each.Table, each.Row.PartitionKey, each.Row.RowKey));

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

    /// <summary>What was told of one of them.</summary>
    public static OutboxMessage Message(int number) => MessageOf(Id(number), 1, At(number));

    public static OutboxMessage MessageOf(string subject, long sequence, DateTimeOffset at)
        => OutboxMessage.Of(subject, sequence, "cashIn.completed", at, new JsonObject { ["id"] = subject });

    /// <summary>The rows of a message that was taken, as all before it were: nothing is due any more.</summary>
    public static IEnumerable<TableEntity> TakenRowsOf(OutboxMessage message)
    {
        yield return message.Write();
        yield return message.WriteLog();
        yield return new TableEntity(OutboxKeys.Subject(message.Subject), OutboxKeys.Line(Endpoint))
        {
            ["Done"] = message.Sequence,
            ["Tries"] = 0L,
        };
    }

    private static IEnumerable<IndexChange> ListedAs(int number)
    {
        var position = IndexPosition.NewestFirst(At(number), Id(number));
        yield return IndexChange.Put(JourneyIndex.All(CashInWorkflow.Name), position, ("InstanceId", Id(number)));
        yield return IndexChange.Put(
            JourneyIndex.Ended(CashInWorkflow.Name, JourneyPhase.Completed), position, ("InstanceId", Id(number)));
        foreach (var found in FoundLists.Rows(
            Id(number), At(number), [CashIn(number), $"wlt_{number}", $"175 {number:D6}", $"user-{number}"]))
            yield return found;
        yield return InboxLists.KeptSince(CashIn(number), Events.Start);
        if (number < Customers)
            yield return InboxLists.KeptSince(Customer(number), Events.Start);
        foreach (var settled in SettlementLists.RowsOf(Money(number).Settlement))
            yield return settled;
    }

    private static TableEntity Listed(TableEntity row)
    {
        row[IndexFill.Indexed] = true;
        return row;
    }

    private static TableEntity IntakeOf(int number) => Listed(new(TableKey.Of(Id(number)), "intake")
    {
        ["InstanceId"] = Id(number),
        ["Orchestration"] = CashInWorkflow.Name,
        ["RequestHash"] = "",
        ["Input"] = "{}",
        ["ReceivedAt"] = At(number),
        ["State"] = nameof(IntakeState.Started),
        ["Closed"] = true,
        ["CustomerId"] = Customer(number),
    });

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
