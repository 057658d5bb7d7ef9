using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using OmsWorkflows.Soak.Processes;

namespace OmsWorkflows.Soak.Playing;

/// <summary>The stores' tills. What they take is written down here, apart from what OMS and the app say of it.</summary>
internal sealed class CashDesk(OmsSimulator oms)
{
    private const string Approved = "00";

    private readonly ConcurrentBag<CashTaken> _taken = [];
    private int _commits;

    /// <summary>All cash that was handed over.</summary>
    public IReadOnlyCollection<CashTaken> Taken => _taken;

    /// <summary>Scans a code.</summary>
    /// <returns>The authorisation; null when the till refuses the code.</returns>
    public async Task<Scan?> ScanAsync(string code, decimal amount, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["code"] = code, ["amount"] = Text(amount), ["commit"] = false };
        var answer = (await oms.ControlAsync("cash", body, cancellationToken))["authorisation"];
        return answer.Text("responseCode") == Approved
            ? new Scan(answer.Text("accountNumber")!, answer.Text("accountReferenceNumber")!, answer.Text("confirmationId")!, amount)
            : null;
    }

    /// <summary>Takes the cash of a scan. A till whose line breaks asks again, with the same key, until it knows.</summary>
    /// <returns>Whether the cash was taken.</returns>
    public async Task<bool> CommitAsync(string journeyId, Scan scan, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["accountNumber"] = scan.Account,
            ["accountReferenceNumber"] = scan.Reference,
            ["amount"] = Text(scan.Amount),
            ["originalConfirmationId"] = scan.Confirmation,
        };
        var answer = await oms.PostAsync(
            "/cash-ins/simulate/auth-commit", body, $"till-{Interlocked.Increment(ref _commits)}", cancellationToken);
        if (answer.Text("responseCode") != Approved)
            return false;
        _taken.Add(new CashTaken(journeyId, scan.Amount));
        return true;
    }

    /// <summary>Scans and takes the cash.</summary>
    public async Task<bool> PayAsync(string journeyId, string code, decimal amount, CancellationToken cancellationToken)
        => await ScanAsync(code, amount, cancellationToken) is { } scan && await CommitAsync(journeyId, scan, cancellationToken);

    private static string Text(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);
}

/// <summary>A code the till scanned and approved; the cash is not taken yet.</summary>
internal sealed record Scan(string Account, string Reference, string Confirmation, decimal Amount);

/// <summary>Cash a till took, in USD.</summary>
internal sealed record CashTaken(string JourneyId, decimal Amount);
