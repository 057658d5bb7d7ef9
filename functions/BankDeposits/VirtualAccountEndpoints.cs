using FluentValidation;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using OmsWorkflows.Http;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;

namespace OmsWorkflows.BankDeposits;

/// <summary>The account a customer's bank money is sent to. OMS keeps it; nothing of it is kept here.</summary>
public sealed class VirtualAccountEndpoints(OmsClient oms, IOptionsMonitor<OmsOptions> options)
{
    private static readonly OmsQuestion Question = new(
        said => Problems.Refused(
            "virtual-account-refused", "OMS refused the request",
            $"{said} With forbidden, the API key may not use virtual accounts: ask Polygon. "
                + "With endorsement_required, the customer lacks an endorsement."),
        WhenSilent: "Repeat the request with the same Idempotency-Key. "
            + "If it lasts, OMS may not offer virtual accounts in this version of its API.");

    /// <summary>Reads the customer's virtual account from OMS, bank details included.</summary>
    [Function(nameof(GetVirtualAccount))]
    public Task<IResult> GetVirtualAccount(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "customers/{id}/virtual-account")] HttpRequest request, string id,
        CancellationToken cancellationToken)
        => ServeAsync(id, async () => await FindAsync(id, cancellationToken) is { } account
            ? Shown(account, StatusCodes.Status200OK)
            : Problems.NotFound("virtual account"));

    /// <summary>
    /// Opens a virtual account for the customer: 201, or 200 with the one there is. What is sent to it becomes USDC in the wallet.
    /// </summary>
    [Function(nameof(OpenVirtualAccount))]
    public Task<IResult> OpenVirtualAccount(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "customers/{id}/virtual-account")] HttpRequest request, string id,
        CancellationToken cancellationToken)
        => ServeAsync(id, async () =>
        {
            var key = IdempotencyKey.Read(request);
            if (!key.IsValid)
                return key.Problem;
            var body = await RequestBody.ReadAsync(request, new OpenVirtualAccountValidator(), cancellationToken);
            return body.IsValid ? await OpenAsync(id, key.Value, body.Value.WalletId, cancellationToken) : body.Problem;
        });

    private async Task<IResult> OpenAsync(string customerId, string key, string? walletId, CancellationToken cancellationToken)
    {
        if (await FindAsync(customerId, cancellationToken) is { } existing)
        {
            return walletId is null || existing.Destination?.Wallet?.Id is not { } into || into == walletId
                ? Shown(existing, StatusCodes.Status200OK)
                : Problems.Conflict(
                    "virtual-account-exists", "The customer has a virtual account that leads to another wallet",
                    "Use that one; ask Polygon to change where it leads.");
        }

        var wallets = await oms.ListWalletsAsync(customerId, cancellationToken);
        var wallet = wallets.FirstOrDefault(wallet => wallet.Status == WalletStatus.Active && wallet.Holds("usdc", "polygon")
            && (walletId is null || wallet.Id == walletId));
        if (wallet is null)
        {
            return Problems.Conflict(
                "no-wallet", "The customer has no such wallet for USDC on Polygon",
                "Onboard the customer first, or leave walletId out to use the one there is.");
        }

        var request = new VirtualAccountRequest
        {
            CustomerId = customerId,
            Destination = new CashInDestination { Wallet = new WalletTarget { Id = wallet.Id } },
        };
        var opened = await oms.CreateVirtualAccountAsync(request, JourneyId.From("va", $"{customerId}\n{key}"), cancellationToken);
        return Shown(opened, StatusCodes.Status201Created);
    }

    private async Task<VirtualAccount?> FindAsync(string customerId, CancellationToken cancellationToken)
        => (await oms.ListVirtualAccountsAsync(customerId, cancellationToken)).FirstOrDefault(account => account.IsOpen);

    /// <summary>
    /// Virtual accounts are early access at OMS (docs/oms-api.md 8.1): where they cannot be used, the answer says what to do.
    /// </summary>
    private async Task<IResult> ServeAsync(string customerId, Func<Task<IResult>> serve)
    {
        if (!options.CurrentValue.VirtualAccounts)
        {
            return Problems.Refused(
                "virtual-accounts-off", "Virtual accounts are not switched on",
                "They are early access at OMS: have Polygon open them for your API key, then set Oms:VirtualAccounts=true. "
                    + "Accounts that Polygon set up work without it; their deposits are booked.");
        }

        return await Question.AnswerAboutAsync(customerId, serve);
    }

    private static IResult Shown(VirtualAccount account, int status)
        => Results.Json(VirtualAccountView.Of(account), ApiJson.Options, statusCode: status);
}

/// <summary>Body of <c>POST /api/customers/{id}/virtual-account</c>.</summary>
public sealed record OpenVirtualAccountRequest
{
    /// <summary>The wallet the money goes to; left out to use the customer's for USDC on Polygon.</summary>
    public string? WalletId { get; init; }
}

/// <summary>Checks the body of <c>POST /api/customers/{id}/virtual-account</c>.</summary>
internal sealed class OpenVirtualAccountValidator : AbstractValidator<OpenVirtualAccountRequest>
{
    public OpenVirtualAccountValidator()
        => RuleFor(request => request.WalletId)
            .Must(id => id is null || OmsId.IsOf(id, "wlt_"))
            .WithMessage("must be an OMS wallet id, such as wlt_…");
}

/// <summary>A virtual account. Read from OMS when asked for, and not kept anywhere.</summary>
/// <param name="Id">The account at OMS.</param>
/// <param name="CustomerId">Whose account it is.</param>
/// <param name="Status">OMS's word for whether it can be used: <c>active</c>, <c>paused</c>.</param>
/// <param name="BankDetails">Where a bank has to send to.</param>
/// <param name="WalletId">The wallet that what is sent to it ends in.</param>
/// <param name="Asset">As what it arrives, such as <c>usdc</c>.</param>
/// <param name="Network">On which network, such as <c>polygon</c>.</param>
/// <param name="AccountholderName">In whose name it is kept: <c>customer</c>, <c>oms</c> or <c>developer</c>.</param>
/// <param name="CreatedAt">When it was opened.</param>
public sealed record VirtualAccountView(
    string Id,
    string? CustomerId,
    string? Status,
    BankDetailsView? BankDetails,
    string? WalletId,
    string? Asset,
    string? Network,
    string? AccountholderName,
    DateTimeOffset? CreatedAt)
{
    /// <inheritdoc/>
    public override string ToString() => $"{nameof(VirtualAccountView)} {Id}";

    internal static VirtualAccountView Of(VirtualAccount account) => new(
        account.Id, account.CustomerId, account.Status, account.BankDetails is { } details ? BankDetailsView.Of(details) : null,
        account.Destination?.Wallet?.Id, account.Destination?.Asset, account.Destination?.Network, account.AccountholderName,
        account.CreatedAt);
}

/// <summary>Where a bank has to send to.</summary>
/// <param name="BankName">Name of the bank.</param>
/// <param name="AccountNumber">Number of the account.</param>
/// <param name="RoutingNumber">Number of the bank.</param>
/// <param name="AccountType">Such as <c>checking</c>.</param>
/// <param name="OwnerName">Name of the account's owner.</param>
/// <param name="Reference">What the sender has to write into the transfer.</param>
public sealed record BankDetailsView(
    string? BankName, string? AccountNumber, string? RoutingNumber, string? AccountType, string? OwnerName, string? Reference)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(BankDetailsView);

    internal static BankDetailsView Of(ReceivingDetails details) => new(
        details.BankName, details.AccountNumber, details.RoutingNumber, details.AccountType, details.OwnerName, details.Reference);
}
