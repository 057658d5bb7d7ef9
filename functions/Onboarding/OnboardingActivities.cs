using Microsoft.Azure.Functions.Worker;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;
using OmsWorkflows.Storage;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Onboarding;

/// <summary>What an onboarding does outside: one effect at OMS per activity, each repeatable (DESIGN 4.3).</summary>
public sealed class OnboardingActivities(OmsClient oms, Intakes intakes, Inbox inbox)
{
    private const string Asset = "usdc";
    private const string Network = "polygon";

    /// <summary>Creates the customer from the intake row's applicant, deletes the applicant, starts to listen for the customer's events.</summary>
    /// <param name="instanceId">The journey, which is also the intake row's id.</param>
    /// <param name="cancellationToken">Cancelled when the app stops.</param>
    [Function(nameof(CreateCustomer))]
    public async Task<CustomerSnapshot> CreateCustomer([ActivityTrigger] string instanceId, CancellationToken cancellationToken)
    {
        var intake = await intakes.GetAsync(instanceId, cancellationToken);
        Customer customer;
        try
        {
            customer = intake.CustomerId is { } known
                ? await oms.GetCustomerAsync(known, cancellationToken)
                : await FindOrCreateAsync(intake, cancellationToken);
        }
        catch (OmsException e) when (Refusal.TryFrom(e, out var refusal))
        {
            return CustomerSnapshot.Refused(refusal);
        }

        // From here on the applicant is at OMS. Should the row's update be lost, the same call finds the same customer.
        await intakes.UpdateAsync(instanceId, row => row with { CustomerId = customer.Id, Applicant = null }, cancellationToken);
        var signals = await inbox.ListenAsync(customer.Id, instanceId, cancellationToken);
        return CustomerSnapshot.Of(customer, signals);
    }

    /// <summary>Reads the customer's endorsements.</summary>
    /// <param name="customer">Which customer.</param>
    /// <param name="cancellationToken">Cancelled when the app stops.</param>
    [Function(nameof(ReadCustomer))]
    public async Task<CustomerSnapshot> ReadCustomer([ActivityTrigger] CustomerOfJourney customer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(customer);
        return CustomerSnapshot.Of(await oms.GetCustomerAsync(customer.CustomerId, cancellationToken));
    }

    /// <summary>Sends what the caller supplied after OMS asked for more, then forgets it.</summary>
    /// <param name="customer">Which customer.</param>
    /// <param name="cancellationToken">Cancelled when the app stops.</param>
    [Function(nameof(UpdateCustomer))]
    public async Task<CustomerSnapshot> UpdateCustomer([ActivityTrigger] CustomerOfJourney customer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(customer);
        var intake = await intakes.GetAsync(customer.InstanceId, cancellationToken);
        if (intake.Supplement is not { } supplement)
            return await ReadCustomer(customer, cancellationToken);

        CustomerSnapshot result;
        try
        {
            result = CustomerSnapshot.Of(await oms.UpdateCustomerAsync(customer.CustomerId, ApplicantMapping.ToUpdate(supplement), cancellationToken));
        }
        catch (OmsException e) when (Refusal.TryFrom(e, out var refusal))
        {
            result = CustomerSnapshot.Refused(refusal);
        }

        await intakes.UpdateAsync(customer.InstanceId, row => row with { Supplement = null }, cancellationToken);
        return result;
    }

    /// <summary>Uses the customer's wallet for USDC on Polygon, or provisions one. OMS would make a second one for a second key, so it is looked up first (OMS API 5).</summary>
    /// <param name="request">Which customer.</param>
    /// <param name="cancellationToken">Cancelled when the app stops.</param>
    [Function(nameof(ProvisionWallet))]
    public async Task<WalletResult> ProvisionWallet([ActivityTrigger] ProvisionWalletRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            var wallets = await oms.ListWalletsAsync(request.CustomerId, cancellationToken);
            var wallet = wallets.FirstOrDefault(wallet => wallet is { Asset: Asset, Chain: Network, Status: WalletStatus.Active })
                ?? await oms.CreateWalletAsync(request.CustomerId, new WalletRequest(Asset, Network), $"{request.InstanceId}:wlt", cancellationToken);
            return new(new WalletState(wallet.Id, wallet.Address, Asset, Network));
        }
        catch (OmsException e) when (Refusal.TryFrom(e, out var refusal))
        {
            return new(null, refusal);
        }
    }

    private async Task<Customer> FindOrCreateAsync(Intake intake, CancellationToken cancellationToken)
    {
        // The key alone makes this safe for a day; the look-up makes it safe after that (DESIGN 4.3).
        var externalId = intake.Applicant?.Reveal().ExternalId ?? intake.InstanceId;
        var found = await oms.FindCustomersAsync(externalId, cancellationToken);
        if (found.FirstOrDefault(customer => JourneyId.Made(intake.InstanceId, customer.Metadata)) is { } existing)
            return existing;

        var applicant = intake.Applicant
            ?? throw new InvalidOperationException($"The intake of journey {intake.InstanceId} has no applicant, and OMS knows no customer for it.");
        return await oms.CreateCustomerAsync(ApplicantMapping.ToRequest(applicant, intake.InstanceId), $"{intake.InstanceId}:cst", cancellationToken);
    }
}
