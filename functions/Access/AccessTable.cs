using OmsWorkflows.Actions;
using OmsWorkflows.BankDeposits;
using OmsWorkflows.CashIns;
using OmsWorkflows.Http;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;
using OmsWorkflows.Notifications;
using OmsWorkflows.Onboarding;
using OmsWorkflows.Operations;
using OmsWorkflows.OperatorConsole;
using OmsWorkflows.Payouts;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Access;

/// <summary>Who may call what, in one place (docs/security.md). A test fails for a function that is not in it.</summary>
internal static class AccessTable
{
    private static readonly string[] Anyone =
    [
        nameof(DeliveryEndpoints.ReceiveOmsWebhook), nameof(HealthEndpoints.Live), nameof(ConsoleEndpoints.GetConsole),
        nameof(ConsoleEndpoints.GetConsoleFile), nameof(ConsoleEndpoints.GetApiDocument),
    ];

    private static readonly string[] Caller =
    [
        nameof(CashInEndpoints.StartCashIn), nameof(OnboardingEndpoints.StartOnboarding), nameof(PayoutEndpoints.StartPayout),
        nameof(VirtualAccountEndpoints.OpenVirtualAccount),
    ];

    private static readonly string[] CallerOrOperator =
    [
        nameof(CashInEndpoints.GetCashIn), nameof(CashInEndpoints.ListCashIns), nameof(CashInEndpoints.RefreshDepositCode),
        nameof(CashInEndpoints.CancelCashIn), nameof(CashInEndpoints.SupplyForCashIn),
        nameof(OnboardingEndpoints.GetOnboarding), nameof(OnboardingEndpoints.CancelOnboarding),
        nameof(OnboardingEndpoints.SupplyForOnboarding),
        nameof(PayoutEndpoints.GetPayout), nameof(PayoutEndpoints.ListPayouts), nameof(PayoutEndpoints.ConfirmPayout),
        nameof(PayoutEndpoints.CancelPayout),
        nameof(JourneyEndpoints.ListJourneys), nameof(JourneyEndpoints.FindJourneysByEmail), nameof(JourneyEndpoints.GetJourney),
        nameof(JourneyEndpoints.AskNow),
        nameof(CashLocationEndpoints.ListCashLocations), nameof(ExternalAccountEndpoints.ListExternalAccounts),
        nameof(VirtualAccountEndpoints.GetVirtualAccount), nameof(DepositEndpoints.ListDeposits),
        nameof(HealthEndpoints.Health), nameof(HealthEndpoints.Ready),
    ];

    private static readonly string[] Operator =
    [
        nameof(CashInEndpoints.ResolveCashIn), nameof(PayoutEndpoints.ResolvePayout), nameof(OverviewEndpoints.GetOverview),
        nameof(SettlementEndpoints.ListSettlements), nameof(SettlementEndpoints.GetSettlement),
        nameof(SettlementDecisions.AttachSettlement), nameof(SettlementDecisions.MarkSettlementHandled),
        nameof(SettlementDecisions.UndoSettlementDecision), nameof(DecisionEndpoints.ListDecisions),
        nameof(ReconciliationEndpoints.Reconcile),
        nameof(DeadLetterEndpoints.ListDeadLetters), nameof(DeadLetterEndpoints.RedriveDeadLetter),
        nameof(DeadLetterEndpoints.DismissDeadLetter),
        nameof(SubscriptionEndpoints.ListWebhookEndpoints), nameof(SubscriptionEndpoints.CreateWebhookEndpoint),
        nameof(SubscriptionEndpoints.RotateWebhookSecret), nameof(SubscriptionEndpoints.FinishWebhookRotation),
        nameof(SubscriptionEndpoints.PauseWebhookEndpoint), nameof(SubscriptionEndpoints.ResumeWebhookEndpoint),
        nameof(SubscriptionEndpoints.DeleteWebhookEndpoint),
        nameof(NotificationEndpoints.ListNotificationDeadLetters), nameof(NotificationEndpoints.RedriveNotifications),
        nameof(NotificationEndpoints.ReplayNotifications), nameof(PersonEndpoints.RemovePerson),
    ];

    /// <summary>Whoever asks whether the app is well must not take a busy one for a dead one.</summary>
    private static readonly HashSet<string> AlwaysServed =
        new(StringComparer.Ordinal) { nameof(HealthEndpoints.Live), nameof(HealthEndpoints.Health), nameof(HealthEndpoints.Ready) };

    /// <summary>The rules, by the function's name.</summary>
    public static AccessRules Rules { get; } = new(new[]
    {
        (Anyone, Callers.Anyone), (Caller, Callers.Caller), (CallerOrOperator, Callers.CallerOrOperator), (Operator, Callers.Operator),
    }.SelectMany(row => row.Item1.Select(function => KeyValuePair.Create(function, row.Item2))).ToDictionary(StringComparer.Ordinal),
        AlwaysServed);
}
