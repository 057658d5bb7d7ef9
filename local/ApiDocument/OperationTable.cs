using OmsWorkflows.Actions;
using OmsWorkflows.BankDeposits;
using OmsWorkflows.CashIns;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;
using OmsWorkflows.Notifications;
using OmsWorkflows.Oms;
using OmsWorkflows.Onboarding;
using OmsWorkflows.Operations;
using OmsWorkflows.Payouts;
using OmsWorkflows.Webhooks;
using static OmsWorkflows.Local.ApiDocument.OperationSchemas;

namespace OmsWorkflows.Local.ApiDocument;

/// <summary>One entry per function, by the name of its method: a new function without one fails the test of this document.</summary>
internal static class OperationTable
{
    public static IReadOnlyList<(string Name, string Description)> Tags { get; } =
    [
        ("Cash-ins", "Cash at a store becomes USDC in the customer's wallet."),
        ("Payouts", "USDC becomes money in a bank account, on a debit card, or cash at a store."),
        ("Bank deposits", "Money from a bank becomes USDC in the customer's wallet, without a call."),
        ("Onboardings", "A person becomes a customer with endorsements and a wallet."),
        ("Journeys", "All of them, whatever their kind; for operators."),
        ("Money", "What was settled, credited and left over; for operators."),
        ("Webhooks", "Where OMS delivers, what nobody waited for, and the subscription; for operators."),
        ("Notifications", "What the team's own systems were told and did not take; for operators."),
        ("Health", "Whether the app does its work."),
    ];

    private const string CashIns = "Cash-ins";
    private const string Payouts = "Payouts";
    private const string BankDeposits = "Bank deposits";
    private const string Onboardings = "Onboardings";
    private const string Journeys = "Journeys";
    private const string Money = "Money";
    private const string Webhooks = "Webhooks";
    private const string Notifications = "Notifications";
    private const string Health = "Health";

    private static readonly Answer Started = new(202, "Stored; the journey starts. `Location` says where to read it.", Journey);
    private static readonly Answer Told = new(202, "The journey was told. The document is how it stood before that.", Journey);
    private static readonly Answer Read = new(200, "How the journey stands.", Journey);
    private static readonly Answer Listed = new(200, "One page.", schemas => Page(schemas, "JourneyPage", Journey(schemas)));
    private static readonly Answer Settled = new(200, "The settlement.", schemas => schemas.Of(typeof(SettlementView)));
    private static readonly Answer Checked = new(
        200, "All that the app needs answers; 503 with the same document if not.", schemas => schemas.Of(typeof(HealthReport)));
    private static readonly Answer Endpoint = new(200, "The endpoint.", schemas => schemas.Of(typeof(SubscriptionView)));

    private static readonly Answer VirtualAccount = new(
        200, "The account, as OMS shows it now.", schemas => schemas.Of(typeof(VirtualAccountView)));

    private static readonly Parameter After = new("after", "`next` of the page before.", typeof(string));
    private static readonly Parameter Reference = new(
        "reference", "The operator's own reference of the decision, such as a ticket number.", typeof(string), Required: true)
    {
        Pattern = "^[A-Za-z0-9][A-Za-z0-9._/#-]{0,63}$",
    };

    private static readonly Parameter Reason = new(
        "reason",
        "Why, in one line; kept with the decision, shown and logged. Nothing that names a person.",
        typeof(string),
        Required: true);
    private static readonly IReadOnlyList<Parameter> WhyQuery = [Reference, Reason];

    private static readonly IReadOnlyList<Parameter> ListQuery =
    [
        new("customerId", "Only this customer's.", typeof(string)),
        new("phase", "Only those in this phase.", typeof(JourneyPhase)),
        new("overdue", "Only those that wait longer than they should, or only the others.", typeof(bool)),
        new("from", "Only those that were asked for at this time or later.", typeof(DateTimeOffset)),
        new("to", "Only those that were asked for at this time or before.", typeof(DateTimeOffset)),
        Limit(100),
        After,
    ];

    private static readonly Dictionary<string, Operation> ByName = new(StringComparer.Ordinal)
    {
        [nameof(CashInEndpoints.StartCashIn)] = Start(
            CashIns, new(typeof(StartCashInRequest), new StartCashInValidator(TimeProvider.System), Examples.CashIn)),
        [nameof(CashInEndpoints.GetCashIn)] = new(CashIns, Read) { Problems = [404] },
        [nameof(CashInEndpoints.ListCashIns)] = new(CashIns, Listed) { Query = ListQuery, Problems = [400] },
        [nameof(CashInEndpoints.RefreshDepositCode)] = Command(CashIns),
        [nameof(CashInEndpoints.CancelCashIn)] = Command(CashIns),
        [nameof(CashInEndpoints.SupplyForCashIn)] = Supply(CashIns),
        [nameof(CashInEndpoints.ResolveCashIn)] = Resolve(CashIns),

        [nameof(CashLocationEndpoints.ListCashLocations)] = new(
            CashIns, new(200, "The stores, nearest first.", schemas => schemas.Of(typeof(CashLocationList))))
        {
            Query =
            [
                new("provider", "The cash network, such as `greendot`.", typeof(string), Required: true)
                {
                    Pattern = "^[A-Za-z0-9_-]{1,50}$",
                },
                new("latitude", "Degrees north, -90 to 90.", typeof(decimal), Required: true),
                new("longitude", "Degrees east, -180 to 180.", typeof(decimal), Required: true),
                new("flow", "Stores that take cash, unless told `CashOut`: then those that pay out.", typeof(CashFlow)),
                Limit(100),
            ],
            Problems = [400, 422, 502],
        },

        [nameof(DepositEndpoints.ListDeposits)] = new(BankDeposits, new(200, "One page.", schemas => schemas.Of(typeof(DepositPage))))
        {
            Query = [new("customerId", "Only this customer's.", typeof(string)), Limit(100), After],
            Problems = [400],
        },
        [nameof(VirtualAccountEndpoints.GetVirtualAccount)] = new(BankDeposits, VirtualAccount) { Problems = [404, 422, 502] },
        [nameof(VirtualAccountEndpoints.OpenVirtualAccount)] = new(
            BankDeposits, VirtualAccount with { Status = 201, Description = "Opened; 200 with the account there is." })
        {
            Body = new(typeof(OpenVirtualAccountRequest), new OpenVirtualAccountValidator(), Examples.VirtualAccount),
            NeedsIdempotencyKey = true,
            Problems = [400, 404, 409, 413, 415, 422, 502],
        },

        [nameof(PayoutEndpoints.StartPayout)] = Start(
            Payouts, new(typeof(StartPayoutRequest), new StartPayoutValidator(), Examples.Payout)),
        [nameof(PayoutEndpoints.GetPayout)] = new(Payouts, Read) { Problems = [404] },
        [nameof(PayoutEndpoints.ListPayouts)] = new(Payouts, Listed) { Query = ListQuery, Problems = [400] },
        [nameof(PayoutEndpoints.ConfirmPayout)] = Command(Payouts) with
        {
            Body = new(typeof(ConfirmPayoutRequest), new ConfirmPayoutValidator(), Examples.Confirmation),
            Problems = [400, 404, 409, 413, 415],
        },
        [nameof(PayoutEndpoints.CancelPayout)] = Command(Payouts),
        [nameof(ExternalAccountEndpoints.ListExternalAccounts)] = new(
            Payouts, new(200, "The accounts.", schemas => schemas.Of(typeof(ExternalAccountList))))
        {
            Problems = [404, 422, 502],
        },
        [nameof(PayoutEndpoints.ResolvePayout)] = Resolve(Payouts),

        [nameof(OnboardingEndpoints.StartOnboarding)] =
            Start(Onboardings, new(typeof(StartOnboardingRequest), new StartOnboardingValidator(TimeProvider.System), Examples.Onboarding)),
        [nameof(OnboardingEndpoints.GetOnboarding)] = new(Onboardings, Read) { Problems = [404] },
        [nameof(OnboardingEndpoints.CancelOnboarding)] = Command(Onboardings),
        [nameof(OnboardingEndpoints.SupplyForOnboarding)] = Supply(Onboardings),

        [nameof(JourneyEndpoints.ListJourneys)] = new(Journeys, Listed)
        {
            Query =
            [
                new("kind", "Only of this kind: `CashIn`, `Payout` or `Onboarding`.", typeof(string)),
                new(
                    "find",
                    "Only what this id belongs to: a journey's; a customer's, a wallet's, a cash-in's or a transaction's at OMS; a deposit "
                        + "code; the caller's `externalId`. Alone, without filters.",
                    typeof(string)),
                .. ListQuery,
            ],
            Problems = [400],
        },
        [nameof(JourneyEndpoints.FindJourneysByEmail)] = new(Journeys, Listed)
        {
            Body = new(typeof(FindByEmailRequest), new FindByEmailValidator(), Examples.Email),
            Problems = [400, 413, 415],
        },
        [nameof(JourneyEndpoints.GetJourney)] = new(Journeys, Read) { Problems = [404] },
        [nameof(JourneyEndpoints.AskNow)] = Command(Journeys),

        [nameof(OverviewEndpoints.GetOverview)] = new(Journeys, new(200, "The overview.", schemas => schemas.Of(typeof(OverviewReport)))),

        [nameof(SettlementEndpoints.ListSettlements)] = new(
            Money, new(200, "One page, the newest first.", schemas => schemas.Of(typeof(SettlementPage))))
        {
            Query = [new("state", "In which state; unclaimed unless told.", typeof(SettlementState)), Limit(200), After],
            Problems = [400],
        },
        [nameof(SettlementEndpoints.GetSettlement)] = new(Money, Settled) { Problems = [404] },
        [nameof(SettlementDecisions.AttachSettlement)] = Decision() with
        {
            Query =
            [
                new(
                    "instanceId",
                    "The journey it is credited to: one of the settlement's customer and cash-in.",
                    typeof(string),
                    Required: true),
                .. WhyQuery,
            ],
        },
        [nameof(SettlementDecisions.MarkSettlementHandled)] = Decision(),
        [nameof(SettlementDecisions.UndoSettlementDecision)] = Decision(),
        [nameof(DecisionEndpoints.ListDecisions)] = new(Money, new(200, "What waits for a second person.", schemas => schemas.Named(
            "DecisionList", () => Object(("data", List(schemas.Of(typeof(PendingDecision))))))))
        {
            Problems = [400],
        },
        [nameof(ReconciliationEndpoints.Reconcile)] = new(
            Money, new(200, "The report.", schemas => schemas.Of(typeof(ReconciliationReport))))
        {
            Query =
            [
                new("from", "Start of the span; a day before its end unless told. At most 31 days before it.", typeof(DateTimeOffset)),
                new("to", "End of the span; now unless told.", typeof(DateTimeOffset)),
            ],
            Problems = [400, 502],
        },

        [nameof(PersonEndpoints.RemovePerson)] = new(Journeys, new(200, "What was removed, and what stays.", schemas => schemas.Of(
            typeof(PersonRemoved))))
        {
            Body = new(typeof(RemovePersonRequest), new RemovePersonValidator(), Examples.Person),
            Problems = [400, 413, 415, 502],
        },

        [nameof(DeliveryEndpoints.ReceiveOmsWebhook)] = new(Webhooks, new(200, "Stored, and raised at the journeys that listen."))
        {
            Problems = [400, 413, 415],
        },
        [nameof(DeadLetterEndpoints.ListDeadLetters)] = new(Webhooks, new(200, "One page.", schemas => schemas.Of(typeof(DeadLetterPage))))
        {
            Query = [Limit(200), After],
            Problems = [400],
        },
        [nameof(DeadLetterEndpoints.RedriveDeadLetter)] = new(Webhooks, new(200, "Delivered.", schemas => schemas.Named(
            "Redriven",
            () => Object(
                ("reached", new() { ["type"] = "integer", ["format"] = "int32", ["description"] = "How many journeys got it." })))))
        {
            Query =
            [
                new("resourceId", "What the event is about.", typeof(string), Required: true),
                new("deliveryId", "OMS's id of the delivery.", typeof(string), Required: true),
                new("instanceId", "A journey to give it to; whoever listens now unless told.", typeof(string)),
            ],
            Problems = [400, 404, 409],
        },
        [nameof(NotificationEndpoints.ListNotificationDeadLetters)] = new(
            Notifications, new(200, "One page.", schemas => schemas.Of(typeof(NotificationDeadLetterPage))))
        {
            Query = [Limit(200), After],
            Problems = [400],
        },
        [nameof(NotificationEndpoints.RedriveNotifications)] = new(
            Notifications, new(202, "Queued.", schemas => schemas.Of(typeof(QueuedNotifications))))
        {
            Query =
            [
                new("endpoint", "Name of the endpoint.", typeof(string), Required: true),
                new("subject", "The journey or transaction of one dead letter; all of the endpoint's unless told.", typeof(string)),
                new("sequence", "Its place among the subject's notifications.", typeof(long)),
            ],
            Problems = [400, 404],
        },
        [nameof(NotificationEndpoints.ReplayNotifications)] = new(
            Notifications, new(202, "Queued.", schemas => schemas.Of(typeof(QueuedNotifications))))
        {
            Query =
            [
                new("from", "Of what happened at this time or later.", typeof(DateTimeOffset), Required: true),
                new("to", "Of what happened at this time or before; until now unless told.", typeof(DateTimeOffset)),
                new("endpoint", "Name of an endpoint; all unless told.", typeof(string)),
            ],
            Problems = [400],
        },
        [nameof(DeadLetterEndpoints.DismissDeadLetter)] = new(Webhooks, new(200, "Dismissed.", schemas => schemas.Of(typeof(DeadLetter))))
        {
            Query =
            [
                new("resourceId", "What the event is about.", typeof(string), Required: true),
                new("deliveryId", "OMS's id of the delivery.", typeof(string), Required: true),
                Reason,
            ],
            Problems = [400, 404, 409],
        },
        [nameof(SubscriptionEndpoints.ListWebhookEndpoints)] = new(Webhooks, new(200, "What OMS knows.", schemas => schemas.Named(
            "SubscriptionList", () => Object(("data", List(schemas.Of(typeof(SubscriptionView))))))))
        {
            Problems = [422, 502],
        },
        [nameof(SubscriptionEndpoints.CreateWebhookEndpoint)] = new(Webhooks, Endpoint with { Status = 201 })
        {
            Query = [new("url", "Where OMS delivers; `Webhooks:PublicUrl` unless told.", typeof(string))],
            Problems = [400, 409, 422, 502],
        },
        [nameof(SubscriptionEndpoints.RotateWebhookSecret)] = new(Webhooks, Endpoint with { Status = 201 }) { Problems = [409, 422, 502] },
        [nameof(SubscriptionEndpoints.FinishWebhookRotation)] = new(Webhooks, new(
            200,
            "The older endpoint is deleted.",
            schemas => schemas.Named(
                "RotationFinished", () => Object(("deleted", new() { ["type"] = "string", ["description"] = "The older endpoint." })))))
        {
            Problems = [409, 422, 502],
        },
        [nameof(SubscriptionEndpoints.PauseWebhookEndpoint)] = new(Webhooks, Endpoint) { Problems = [404, 422, 502] },
        [nameof(SubscriptionEndpoints.ResumeWebhookEndpoint)] = new(Webhooks, Endpoint) { Problems = [404, 422, 502] },
        [nameof(SubscriptionEndpoints.DeleteWebhookEndpoint)] = new(Webhooks, new(204, "Deleted.")) { Problems = [404, 422, 502] },

        [nameof(HealthEndpoints.Live)] = new(Health, new(200, "The process answers.", schemas => schemas.Named(
            "Liveness", () => Object(("live", new() { ["type"] = "boolean" }))))),
        [nameof(HealthEndpoints.Health)] = new(Health, Checked),
        [nameof(HealthEndpoints.Ready)] = new(Health, Checked),
    };

    /// <summary>The entry of a function.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static Operation Of(string function)
        => ByName.GetValueOrDefault(function) ?? throw new InvalidOperationException(
            $"{nameof(OperationTable)} has no entry for function {function}: say what it reads and answers.");

    private static Operation Start(string tag, Body body)
        => new(tag, Started) { Body = body, NeedsIdempotencyKey = true, Problems = [400, 409, 413, 415] };

    private static Operation Command(string tag) => new(tag, Told) { NeedsIdempotencyKey = false, Problems = [404, 409] };

    private static Operation Resolve(string tag) => Command(tag) with
    {
        Query = [new("outcome", "What became of the money.", typeof(ResolveOutcome), Required: true), .. WhyQuery],
        Pending = true,
        Problems = [400, 404, 409],
    };

    private static Operation Decision() => new(Money, Settled) { Query = WhyQuery, Pending = true, Problems = [400, 404, 409] };

    private static Operation Supply(string tag) => Command(tag) with
    {
        Body = new(typeof(Applicant), new ApplicantSupplyValidator(TimeProvider.System), Examples.Supplement, "ApplicantChange"),
        Problems = [400, 404, 409, 413, 415],
    };

    private static Parameter Limit(int most) => new("limit", $"How many at most, 1 to {most}.", typeof(int)) { Maximum = most };
}
