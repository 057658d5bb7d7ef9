using Microsoft.Azure.Functions.Worker;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Onboarding;

/// <summary>
/// What an onboarding does outside: one effect at OMS per activity, each repeatable (docs/decisions/0003-idempotency-keys.md).
/// </summary>
public sealed class OnboardingActivities(OmsClient oms, Intakes intakes, Inbox inbox)
{
    private const string Asset = "usdc";
    private const string Network = "polygon";

    /// <summary>
    /// Creates the customer from the intake row's applicant, deletes the applicant, starts to listen for the customer's events.
    /// </summary>
    [Function(nameof(CreateCustomer))]
    public Task<OmsAnswer<CustomerSnapshot>> CreateCustomer([ActivityTrigger] string instanceId, CancellationToken cancellationToken)
        => OmsAnswer.AskAsync<CustomerSnapshot>(async () =>
        {
            var intake = await intakes.GetAsync(instanceId, cancellationToken);
            var customer = intake.CustomerId is { } known
                ? await oms.GetCustomerAsync(known, cancellationToken)
                : await FindOrCreateAsync(intake, cancellationToken);

            // From here on the applicant is at OMS. Should the row's update be lost, the same call finds the same customer.
            await intakes.UpdateAsync(instanceId, row => row with { CustomerId = customer.Id, Applicant = null }, cancellationToken);
            return CustomerSnapshot.Of(customer) with { Signals = await inbox.ListenAsync(customer.Id, instanceId, cancellationToken) };
        });

    /// <summary>Reads the customer's endorsements.</summary>
    [Function(nameof(ReadCustomer))]
    public Task<OmsAnswer<CustomerSnapshot>> ReadCustomer([ActivityTrigger] CustomerOfJourney customer, CancellationToken cancellationToken)
        => OmsAnswer.AskAsync<CustomerSnapshot>(async () =>
        {
            ArgumentNullException.ThrowIfNull(customer);
            return CustomerSnapshot.Of(await oms.GetCustomerAsync(customer.CustomerId, cancellationToken));
        });

    /// <summary>Sends what the caller supplied after OMS asked for more, then forgets it.</summary>
    [Function(nameof(UpdateCustomer))]
    public async Task<OmsAnswer<CustomerSnapshot>> UpdateCustomer(
        [ActivityTrigger] CustomerOfJourney customer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(customer);
        var intake = await intakes.GetAsync(customer.InstanceId, cancellationToken);
        if (intake.Supplement is not { } supplement)
            return await ReadCustomer(customer, cancellationToken);

        var update = ApplicantMapping.ToUpdate(supplement);
        var answer = await OmsAnswer.AskAsync<CustomerSnapshot>(async () =>
            CustomerSnapshot.Of(await oms.UpdateCustomerAsync(customer.CustomerId, update, cancellationToken)));
        if (answer.Silence is null)
            await intakes.UpdateAsync(
                customer.InstanceId, row => row.Supplement == supplement ? row with { Supplement = null } : row, cancellationToken);
        return answer;
    }

    /// <summary>
    /// Uses the customer's wallet for USDC on Polygon, or provisions one. OMS would make a second one for a second key, so it is looked up
    /// first (docs/oms-api.md 5).
    /// </summary>
    [Function(nameof(ProvisionWallet))]
    public Task<OmsAnswer<WalletState>> ProvisionWallet([ActivityTrigger] CustomerOfJourney customer, CancellationToken cancellationToken)
        => OmsAnswer.AskAsync<WalletState>(async () =>
        {
            ArgumentNullException.ThrowIfNull(customer);
            var wallets = await oms.ListWalletsAsync(customer.CustomerId, cancellationToken);
            var wallet = wallets.FirstOrDefault(wallet => wallet.Holds(Asset, Network) && wallet.Status == WalletStatus.Active)
                ?? await oms.CreateWalletAsync(
                    customer.CustomerId, new WalletRequest(Asset, Network), $"{customer.InstanceId}:wlt", cancellationToken);
            return new WalletState(wallet.Id, wallet.Address, Asset, Network);
        });

    private async Task<Customer> FindOrCreateAsync(Intake intake, CancellationToken cancellationToken)
    {
        // The key alone makes this safe for a day; the look-up makes it safe after that (docs/decisions/0003-idempotency-keys.md).
        var externalId = intake.Applicant?.Reveal().ExternalId ?? intake.InstanceId;
        var found = await oms.FindCustomersAsync(externalId, cancellationToken);
        if (found.FirstOrDefault(customer => JourneyId.IsMadeBy(intake.InstanceId, customer.Metadata)) is { } existing)
            return existing;

        var applicant = intake.Applicant
            ?? throw new InvalidOperationException(
                $"The intake of journey {intake.InstanceId} has no applicant, and OMS knows no customer for it.");
        return await oms.CreateCustomerAsync(
            ApplicantMapping.ToRequest(applicant, intake.InstanceId), $"{intake.InstanceId}:cst", cancellationToken);
    }
}
