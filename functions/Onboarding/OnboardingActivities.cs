using System.Net;
using Microsoft.Azure.Functions.Worker;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;
using OmsWorkflows.Storage;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Onboarding;

/// <summary>
/// What an onboarding does outside: one effect at OMS per activity, each repeatable (docs/decisions/0003-idempotency-keys.md).
/// </summary>
public sealed class OnboardingActivities(OmsClient oms, Intakes intakes, Inbox inbox, Leases leases)
{
    private const string Asset = "usdc";
    private const string Network = "polygon";

    /// <summary>Another journey makes the same thing right now: a moment later it is there.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Creates the customer from the intake row's applicant, deletes the applicant, starts to listen for the customer's events.
    /// </summary>
    [Function(nameof(CreateCustomer))]
    public Task<OmsAnswer<CustomerSnapshot>> CreateCustomer([ActivityTrigger] string instanceId, CancellationToken cancellationToken)
        => OmsAnswer.AskAsync<CustomerSnapshot>(async () =>
        {
            var intake = await intakes.GetAsync(instanceId, cancellationToken);
            var answer = intake.CustomerId is { } known
                ? await oms.GetCustomerAsync(known, cancellationToken)
                : await FindOrCreateAsync(intake, cancellationToken);
            if (answer.Value is not { } customer)
                return new(null, answer.Refusal, answer.Silence);

            // From here on the applicant is at OMS. Should the row's update be lost, the same call finds the same customer.
            await intakes.UpdateAsync(intake, row => row with { CustomerId = customer.Id, Applicant = null }, cancellationToken);
            var listed = JourneyIndex.RowOfCustomer(instanceId, intake.ReceivedAt);
            return CustomerSnapshot.Of(customer) with
            {
                AdoptedFrom = JourneyId.IsMadeBy(instanceId, customer.Metadata) ? null : JourneyId.MakerOf(customer.Metadata),
                Signals = await inbox.ListenAsync(customer.Id, instanceId, listed, cancellationToken),
            };
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
            await intakes.ForgetSupplementAsync(customer.InstanceId, intake.SupplementId, cancellationToken);
        return answer;
    }

    /// <summary>
    /// Uses the customer's wallet for USDC on Polygon, or provisions one. OMS would make a second one for a second key, so it is looked up
    /// first, and the key is made of what is wanted, not of who wants it (docs/oms-api.md 5, docs/decisions/0003-idempotency-keys.md).
    /// </summary>
    [Function(nameof(ProvisionWallet))]
    public Task<OmsAnswer<WalletState>> ProvisionWallet([ActivityTrigger] CustomerOfJourney customer, CancellationToken cancellationToken)
        => OmsAnswer.AskAsync<WalletState>(async () =>
        {
            ArgumentNullException.ThrowIfNull(customer);
            var wallets = await WalletsAsync(customer.CustomerId, cancellationToken);
            if (Usable(wallets) is { } usable)
                return usable;

            // A closed wallet is replaced by another, and that needs another key; everybody sees the same closed ones.
            var key = $"{JourneyId.From("wlt", $"{customer.CustomerId}\n{Asset}\n{Network}")}:{wallets.Count}";
            var request = new WalletRequest(Asset, Network);
            return StateOf(await oms.CreateWalletAsync(customer.CustomerId, request, key, cancellationToken));
        });

    private async Task<List<Wallet>> WalletsAsync(string customerId, CancellationToken cancellationToken)
    {
        var wallets = await oms.ListWalletsAsync(customerId, cancellationToken);
        return [.. wallets.Where(wallet => wallet.Holds(Asset, Network))];
    }

    /// <summary>The same one whoever asks: were there two, all journeys use the first by its id.</summary>
    private static WalletState? Usable(List<Wallet> wallets)
        => wallets.Where(wallet => wallet.Status == WalletStatus.Active).MinBy(wallet => wallet.Id, StringComparer.Ordinal) is { } wallet
            ? StateOf(wallet)
            : null;

    private static WalletState StateOf(Wallet wallet) => new(wallet.Id, wallet.Address, Asset, Network);

    /// <summary>
    /// One person, one customer: what a journey of this app made for the same <c>externalId</c> is used, and what somebody else made is not
    /// touched (docs/decisions/0011-many-instances.md).
    /// </summary>
    private async Task<OmsAnswer<Customer>> FindOrCreateAsync(Intake intake, CancellationToken cancellationToken)
    {
        if (intake.Applicant?.Reveal().ExternalId is not { } externalId)
            return await FindAsync(intake, intake.InstanceId, cancellationToken) ?? await CreateAsync(intake, cancellationToken);
        if (await leases.TakeAsync(JourneyId.From("cst", externalId), intake.InstanceId, cancellationToken) is not { } lease)
            return await FindAsync(intake, externalId, cancellationToken)
                ?? new(null, null, new OmsSilence(OmsCause.TryLater, Moment, "POST /customers", null, null));

        // Given back only where nothing was made: whoever comes later finds the customer, and after silence what was sent may still be on
        // its way.
        var answer = await OmsAnswer.AskAsync(
            async () => await FindAsync(intake, externalId, cancellationToken) ?? await CreateAsync(intake, cancellationToken));
        if (answer.IsRefused)
            await leases.ReleaseAsync(lease, cancellationToken);
        return answer;
    }

    /// <summary>
    /// The key alone makes this safe for a day; the look-up makes it safe after that (docs/decisions/0003-idempotency-keys.md).
    /// </summary>
    private async Task<OmsAnswer<Customer>?> FindAsync(Intake intake, string externalId, CancellationToken cancellationToken)
    {
        var found = (await oms.FindCustomersAsync(externalId, cancellationToken))
            .OrderBy(customer => customer.Id, StringComparer.Ordinal).ToList();
        if ((found.Find(customer => JourneyId.IsMadeBy(intake.InstanceId, customer.Metadata))
            ?? found.Find(customer => JourneyId.MakerOf(customer.Metadata) is not null)) is { } existing)
            return existing;
        if (found is not [var foreign, ..])
            return null;
        return new Refusal(OnboardingReasons.CustomerExistsCode, (int)HttpStatusCode.Conflict, ["applicant.externalId"], null)
        {
            ResourceId = foreign.Id,
        };
    }

    private async Task<OmsAnswer<Customer>> CreateAsync(Intake intake, CancellationToken cancellationToken)
    {
        var applicant = intake.Applicant
            ?? throw new InvalidOperationException(
                $"The intake of journey {intake.InstanceId} has no applicant, and OMS knows no customer for it.");
        return await oms.CreateCustomerAsync(
            ApplicantMapping.ToRequest(applicant, intake.InstanceId), $"{intake.InstanceId}:cst", cancellationToken);
    }
}
