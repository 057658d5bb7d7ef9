using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OmsWorkflows.Http;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Payouts;

/// <summary>Where a customer's money can be paid to.</summary>
public sealed class ExternalAccountEndpoints(OmsClient oms)
{
    private static readonly OmsQuestion Question = new(
        said => Problems.Refused(
            "external-accounts-refused", "OMS refused to list the accounts",
            $"{said} The list is early access at OMS: ask Polygon for it, or for the account's id, which a payout takes without the list."),
        WhenSilent: "Try again. If it lasts, OMS may not list external accounts in this version of its API.");

    /// <summary>
    /// Lists a customer's external accounts, read from OMS now: which can be paid to, and by which networks. Polygon sets them up
    /// (docs/oms-api.md 8.1).
    /// </summary>
    [Function(nameof(ListExternalAccounts))]
    public Task<IResult> ListExternalAccounts(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "customers/{id}/external-accounts")] HttpRequest request, string id,
        CancellationToken cancellationToken)
        => Question.AnswerAboutAsync(id, async () =>
        {
            var accounts = await oms.ListExternalAccountsAsync(id, cancellationToken);
            return Results.Json(new ExternalAccountList([.. accounts.Select(ExternalAccountView.Of)]), ApiJson.Options);
        });
}

/// <summary>A customer's external accounts, newest first.</summary>
/// <param name="Data">The accounts.</param>
public sealed record ExternalAccountList(IReadOnlyList<ExternalAccountView> Data);

/// <summary>An account outside OMS. Read from OMS when asked for, and not kept anywhere.</summary>
/// <param name="Id">The account at OMS: a payout's <c>externalAccountId</c>.</param>
/// <param name="Type">OMS's word for what it is, such as <c>usBank</c> or <c>debitCard</c>.</param>
/// <param name="Status">OMS's word for whether it can be used; <c>verified</c> if it can.</param>
/// <param name="Payable">Whether a payout can go there now.</param>
/// <param name="Networks">By which networks, the usual one first.</param>
/// <param name="BankName">Name of the bank.</param>
/// <param name="AccountNumber">Number of the account, masked.</param>
/// <param name="CardBrand">Such as <c>visa</c>.</param>
/// <param name="CardLastFour">The card's last digits.</param>
public sealed record ExternalAccountView(
    string Id,
    string? Type,
    string? Status,
    bool Payable,
    IReadOnlyList<string> Networks,
    string? BankName,
    string? AccountNumber,
    string? CardBrand,
    string? CardLastFour)
{
    /// <inheritdoc/>
    public override string ToString() => $"{nameof(ExternalAccountView)} {Id}";

    internal static ExternalAccountView Of(ExternalAccount account)
    {
        var networks = PayoutNetworks.Of(account.Id);
        return new(
            account.Id, account.Type, account.Status, networks.Count > 0 && Word.Same(account.Status, "verified"), networks,
            account.BankDetails?.BankName, account.BankDetails?.AccountNumber, account.CardDetails?.Brand, account.CardDetails?.LastFour);
    }
}
