using System.Net;
using System.Text;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OmsWorkflows.CashIns;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;

namespace OmsWorkflows.Functions.Tests.CashIns.Explorer;

/// <summary>A mistake that the app could make, made on purpose around its code: the explorer has to find it.</summary>
internal sealed class PlantedBug
{
    public static readonly PlantedBug None = new() { Name = "none", ShownBy = Harm.None };

    public static readonly IReadOnlyList<PlantedBug> All =
    [
        new() { Name = "a call is awaited that is tried for a week", ShownBy = Harm.DownAnHour, AwaitsAWeek = true },
        new()
        {
            Name = "a gateway's 403 counts as OMS's no",
            ShownBy = Harm.GatewayPage,
            Answer = _ => Json(HttpStatusCode.Forbidden, """{"code":"forbidden"}"""),
        },
        new()
        {
            Name = "an error under 200 counts as an empty list",
            ShownBy = Harm.ErrorUnderSuccess,
            Answer = call => call == Calls.ListWallets ? Json(HttpStatusCode.OK, """{"data":[],"hasMore":false}""") : null,
        },
        new() { Name = "money is booked without being compared", ShownBy = Harm.MoneyAltered, BooksUnseen = true },
        new()
        {
            Name = "Retry-After is ignored",
            ShownBy = Harm.AskedToWait,
            Answer = _ => Json(HttpStatusCode.TooManyRequests, """{"code":"rate_limited"}"""),
        },
    ];

    public required string Name { get; init; }

    /// <summary>What has to break for the bug to show.</summary>
    public required Harm ShownBy { get; init; }

    private Func<string, HttpResponseMessage?> Answer { get; init; } = _ => null;

    private bool AwaitsAWeek { get; init; }

    private bool BooksUnseen { get; init; }

    /// <summary>What the app takes a broken answer for.</summary>
    public HttpResponseMessage Change(Harm harm, string call, HttpResponseMessage answer)
        => harm == ShownBy && Answer(call) is { } taken ? taken : answer;

    /// <summary>What the orchestrator runs with.</summary>
    public TaskOrchestrationContext Change(TaskOrchestrationContext context) => AwaitsAWeek ? new AWeekOfTries(context) : context;

    /// <summary>Books what the app refused to book.</summary>
    public async Task<OmsAnswer<CashInSnapshot>> BookAsync(SettlementLedger ledger, Case of, OmsAnswer<CashInSnapshot> answer)
    {
        if (!BooksUnseen || answer.Value is not { Differences.Count: > 0 } snapshot)
            return answer;
        var said = new Settlement(
            of.TransactionId,
            of.CashInId,
            of.CustomerId,
            of.Gross,
            of.Gross - of.Net,
            ExplorerOms.WrongNet,
            "usdc",
            "polygon",
            null,
            of.CashTakenAt ?? default,
            of.InstanceId);
        await ledger.BookAsync(said, CancellationToken.None);
        return snapshot with { Differences = [], Booked = said };
    }

    private static HttpResponseMessage Json(HttpStatusCode status, string body)
        => new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    /// <summary>An orchestration's context whose calls come back only with an answer, or after a week.</summary>
    private sealed class AWeekOfTries(TaskOrchestrationContext inner) : TaskOrchestrationContext
    {
        public override TaskName Name => inner.Name;

        public override string InstanceId => inner.InstanceId;

        public override ParentOrchestrationInstance? Parent => inner.Parent;

        public override DateTime CurrentUtcDateTime => inner.CurrentUtcDateTime;

        public override bool IsReplaying => inner.IsReplaying;

        protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

        public override T GetInput<T>() => inner.GetInput<T>()!;

        public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
        {
            var until = CurrentUtcDateTime + TimeSpan.FromDays(7);
            while (true)
            {
                var result = await inner.CallActivityAsync<TResult>(name, input, options);
                if (typeof(TResult).GetProperty(nameof(OmsAnswer<>.Silence))?.GetValue(result) is null || CurrentUtcDateTime >= until)
                    return result;
                await inner.CreateTimer(CurrentUtcDateTime + TimeSpan.FromMinutes(5), CancellationToken.None);
            }
        }

        public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
            => inner.CreateTimer(fireAt, cancellationToken);

        public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
            => inner.WaitForExternalEvent<T>(eventName, cancellationToken);

        public override void SendEvent(string instanceId, string eventName, object payload)
            => inner.SendEvent(instanceId, eventName, payload);

        public override void SetCustomStatus(object? customStatus) => inner.SetCustomStatus(customStatus);

        public override Task<TResult> CallSubOrchestratorAsync<TResult>(
            TaskName orchestratorName, object? input = null, TaskOptions? options = null)
            => inner.CallSubOrchestratorAsync<TResult>(orchestratorName, input, options);

        public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
            => inner.ContinueAsNew(newInput, preserveUnprocessedEvents);

        public override Guid NewGuid() => inner.NewGuid();
    }
}
