using System.Collections.Concurrent;
using Microsoft.DurableTask;
using OmsWorkflows.BankDeposits;
using OmsWorkflows.CashIns;
using OmsWorkflows.Journeys;
using OmsWorkflows.Onboarding;

namespace OmsWorkflows.Functions.Tests.CashIns.Explorer;

/// <summary>
/// The real activities of a cash-in, run as the engine runs them when the process dies at the worst moment: a second time.
/// </summary>
internal sealed class Activities(
    ConcurrentDictionary<int, Case> cases,
    CashInActivities cashIns,
    OnboardingActivities onboarding,
    JourneyActivities journeys,
    BankDepositActivities deposits,
    Func<Case, OmsAnswer<CashInSnapshot>, Task<OmsAnswer<CashInSnapshot>>> booked)
{
    public static void Register(DurableTaskRegistry registry, Func<Activities> activities)
    {
        registry.AddActivityFunc<CustomerOfJourney, OmsAnswer<WalletState>>(
            nameof(OnboardingActivities.ProvisionWallet),
            (context, request) => activities().RunAsync(context, () => activities().Onboarding.ProvisionWallet(request, default)));
        registry.AddActivityFunc<CreateCashInRequest, OmsAnswer<CashInSnapshot>>(
            nameof(CashInActivities.CreateCashIn),
            (context, request) => activities().RunAsync(context, () => activities().CashIns.CreateCashIn(request, default)));
        registry.AddActivityFunc<RefreshCashInRequest, OmsAnswer<CashInSnapshot>>(
            nameof(CashInActivities.RefreshCashIn),
            (context, request) => activities().RunAsync(context, () => activities().CashIns.RefreshCashIn(request, default)));
        registry.AddActivityFunc<CashInOfJourney, OmsAnswer<CashInSnapshot>>(
            nameof(CashInActivities.BookAndCloseIfSettled),
            (context, request) => activities().RunAsync(context, () => activities().BookAsync(context, request)));
        registry.AddActivityFunc<DepositHint, OmsAnswer<DepositLook>>(
            nameof(BankDepositActivities.LookAtDeposit),
            (context, hint) => activities().RunAsync(
                context.Name, hint.TransactionId!.Split('_')[1], () => activities().Deposits.LookAtDeposit(hint, default)));
        registry.AddActivityFunc<CloseRequest, bool>(
            nameof(JourneyActivities.CloseJourney), (context, request) => activities().RunAsync(context, async () =>
            {
                await activities().Journeys.CloseJourney(request, default);
                return true;
            }));
    }

    private CashInActivities CashIns => cashIns;

    private OnboardingActivities Onboarding => onboarding;

    private JourneyActivities Journeys => journeys;

    private BankDepositActivities Deposits => deposits;

    private async Task<OmsAnswer<CashInSnapshot>> BookAsync(TaskActivityContext context, CashInOfJourney request)
        => await booked(CaseOf(context.InstanceId[1..]), await cashIns.BookAndCloseIfSettled(request, default));

    private Case CaseOf(string number) => cases[int.Parse(number, System.Globalization.CultureInfo.InvariantCulture)];

    private Task<T> RunAsync<T>(TaskActivityContext context, Func<Task<T>> work) => RunAsync(context.Name, context.InstanceId[1..], work);

    private async Task<T> RunAsync<T>(string name, string number, Func<Task<T>> work)
    {
        if (CaseOf(number).Strike(name) == Harm.Crash)
            await work();
        return await work();
    }
}
