using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Functions.Tests.Ledger;
using OmsWorkflows.Functions.Tests.Tables;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Http;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;
using OmsWorkflows.Secrets;
using OmsWorkflows.Storage;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Recorded;

/// <summary>One of everything this version writes for others to read: rows of the tables, and records that enter histories.</summary>
internal static class Samples
{
    private static readonly CancellationToken Token = CancellationToken.None;

    /// <summary>As the worker writes what enters a history.</summary>
    public static JsonSerializerOptions Json { get; } = new() { Converters = { new MoneyText() } };

    /// <summary>The records that enter histories and statuses: signals, and inputs and results of orchestrators and activities.</summary>
    public static IReadOnlyList<Type> Records { get; } =
    [
        .. (from method in typeof(Program).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            from parameter in method.GetParameters()
            where parameter.IsDefined(typeof(ActivityTriggerAttribute))
                || method.GetParameters().Any(each => each.IsDefined(typeof(OrchestrationTriggerAttribute)))
            from type in (Type[])[parameter.ParameterType, Result(method.ReturnType)]
            where type.Namespace!.StartsWith(nameof(OmsWorkflows), StringComparison.Ordinal)
            select type).Append(typeof(Signal)).Distinct().OrderBy(Name, StringComparer.Ordinal),
    ];

    /// <summary>A type's name with what it is of.</summary>
    public static string Name(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}Of{string.Join("And", type.GetGenericArguments().Select(Name))}"
        : type.Name;

    /// <summary>A record with something in every member.</summary>
    public static JsonNode Of(Type record) => JsonSerializer.SerializeToNode(Filled(record), record, Json)!;

    /// <summary>The enumerations in those records, each member as it is written.</summary>
    public static JsonObject Enumerations() => new(
        from type in Reached.Where(type => type.IsEnum).OrderBy(type => type.Name, StringComparer.Ordinal)
        select KeyValuePair.Create<string, JsonNode?>(type.Name, new JsonObject(
            from object value in Enum.GetValues(type)
            select KeyValuePair.Create($"{value}", JsonSerializer.SerializeToNode(value, type, Json)))));

    /// <summary>A row of each kind, written by the code that writes them: columns, with their types.</summary>
    public static async Task<JsonObject> RowsAsync()
    {
        var tables = new InMemoryTables().Open();
        var clock = new FakeTimeProvider(Events.Start);
        await WriteAsync(tables, clock);
        var rows = new JsonObject();
        foreach (var table in (TableClient[])[tables.Intakes, tables.Inbox, tables.Settlements, tables.Subscriptions, tables.Leases])
            foreach (var row in await table.QueryAsync<TableEntity>().ToListAsync())
                rows[$"{table.Name[1..]}/{row.RowKey.Split(':')[0]}"] = new JsonObject(
                    from column in row.OrderBy(column => column.Key, StringComparer.Ordinal)
                    where column.Key is not ("odata.etag" or "Timestamp" or "PartitionKey" or "RowKey") && column.Value is not null
                    select KeyValuePair.Create<string, JsonNode?>(column.Key, column.Value.GetType().Name));
        return rows;
    }

    private static async Task WriteAsync(AppTables tables, TimeProvider clock)
    {
        var intake = new Intake
        {
            InstanceId = "journey",
            Orchestration = "CashIn",
            Input = "{}",
            RequestHash = "hash",
            ReceivedAt = Events.Start,
            Applicant = new(new Applicant()),
            Supplement = new(new Applicant()),
            SupplementId = "cmd-1",
            StoreNear = new(new Place("greendot", 1m, 2m)),
            CustomerId = "cst_1",
            LocationId = "loc_1",
            LocationReference = "r",
            CashInRequestedAt = Events.Start,
        };
        await new Intakes(tables, new EphemeralDataProtectionProvider()).AddAsync(intake, Token);
        var inbox = new Inbox(tables, clock, NullLogger<Inbox>.Instance);
        var received = Events.CashInCompleted("whd_1");
        await inbox.StoreAsync(
            received with { Signal = received.Signal with { CustomerId = "cst_1" } }, Token);
        await inbox.ListenAsync("ci_1", "journey", Token);
        var ledger = new SettlementLedger(tables, clock, NullLogger<SettlementLedger>.Instance);
        var money = (Settlement)Filled(typeof(Settlement));
        await ledger.KeepUnclaimedAsync(money, UnclaimedReason.NotBooked, Token, "{}");
        await ledger.AttachAsync(money.TransactionId, "journey", ByHand.With("T-1"), Token);
        await new OpenTransactions(tables, null!, clock, NullLogger<OpenTransactions>.Instance).NoteAsync("txn_open", Token);
        await new Leases(tables, clock).TakeAsync("what", "holder", Token);
        await new SubscriptionSlots(tables, clock).HoldAsync(
            async (turn, token) =>
            {
                var slot = new SubscriptionSlot(SecretSettings.CurrentWebhookSecret, "https://app.example", "key", clock.GetUtcNow());
                await turn.SaveAsync(slot with { EndpointId = "we_1" }, token);
                return true;
            },
            Token);
    }

    private static object Filled(Type type) => Value(type, "root") ?? throw new InvalidOperationException($"{type} cannot be made.");

    private static object? Value(Type type, string member)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return member;
        if (type == typeof(decimal))
            return 1.25m;
        if (type == typeof(DateTimeOffset))
            return Events.Start;
        if (type == typeof(TimeSpan))
            return TimeSpan.FromMinutes(5);
        if (type == typeof(bool))
            return true;
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(1);
        if (type.IsPrimitive)
            return Convert.ChangeType(3, type, null);
        if (type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)))
            return Listed(type.GetGenericArguments()[0], member);
        return Made(type);
    }

    private static Array Listed(Type item, string member)
    {
        var list = Array.CreateInstance(item, 1);
        list.SetValue(Value(item, member), 0);
        return list;
    }

    private static object Made(Type type)
    {
        var constructor = type.GetConstructors().MaxBy(each => each.GetParameters().Length)!;
        var made = constructor.Invoke([.. constructor.GetParameters().Select(each => Value(each.ParameterType, each.Name!))]);
        foreach (var property in type.GetProperties().Where(property => property.CanWrite))
            property.SetValue(made, Value(property.PropertyType, property.Name));
        return made;
    }

    private static Type Result(Type type) => type.IsGenericType ? type.GetGenericArguments()[0] : typeof(void);

    /// <summary>The types that are written with those records: theirs, their members', and so on.</summary>
    private static HashSet<Type> Reached { get; } = Reach([], Records);

    private static HashSet<Type> Reach(HashSet<Type> reached, IEnumerable<Type> types)
    {
        foreach (var type in types.Where(type => type.IsGenericType || IsOurs(type)).Where(reached.Add))
        {
            _ = Reach(reached, type.GetGenericArguments());
            if (IsOurs(type) && !type.IsEnum)
                _ = Reach(reached, from property in OwnProperties(type) select property.PropertyType);
        }

        return reached;
    }

    private static PropertyInfo[] OwnProperties(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    private static bool IsOurs(Type type) => type.Namespace?.StartsWith(nameof(OmsWorkflows), StringComparison.Ordinal) == true;
}
