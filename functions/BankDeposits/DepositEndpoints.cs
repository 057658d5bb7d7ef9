using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OmsWorkflows.Http;
using OmsWorkflows.Ledger;

namespace OmsWorkflows.BankDeposits;

/// <summary>Money that came from banks.</summary>
public sealed class DepositEndpoints(SettlementLedger ledger)
{
    private const int StandardLimit = 20;
    private const int MaxLimit = 100;

    /// <summary>
    /// Lists bank deposits, those returned and unclaimed included; of one customer with <c>customerId</c>, <c>limit</c> at a time; pass
    /// <c>next</c> back as <c>after</c> for more.
    /// </summary>
    [Function(nameof(ListDeposits))]
    public async Task<IResult> ListDeposits(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "deposits")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var query = new QueryReader(request.Query);
        var customerId = query.Id("customerId");
        var limit = query.Limit(StandardLimit, MaxLimit);
        var list = $"deposits/{customerId}";
        var after = query.After(list);
        if (query.Problem is { } problem)
            return problem;

        var (page, next) = await ledger.Lists.ListDepositsAsync(customerId, limit, after, cancellationToken);
        return Results.Json(new DepositPage([.. page.Select(DepositView.Of)], PageToken.Encode(list, next)), ApiJson.Options);
    }
}
