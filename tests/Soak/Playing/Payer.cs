using System.Text.Json.Nodes;
using OmsWorkflows.Soak.Plans;
using OmsWorkflows.Soak.Processes;

namespace OmsWorkflows.Soak.Playing;

/// <summary>What a person does with the deposit code, one look at the journey at a time.</summary>
internal sealed class Payer(JourneyPlan plan, CashDesk desk, AppCaller app)
{
    private static readonly TimeSpan CommandAgain = TimeSpan.FromSeconds(3);

    private Scan? _scan;
    private DateTimeOffset _scanExpires;
    private DateTimeOffset _commandedAt;
    private bool _sentAway;
    private bool _done;

    /// <summary>What a till did that it must not do.</summary>
    public string? Complaint { get; private set; }

    /// <summary>Does what is due now.</summary>
    public async Task ActAsync(JsonObject document, CancellationToken cancellationToken)
    {
        if (_done || document.Is("ended"))
            return;
        var look = Look.Of(document);
        switch (plan.Payment)
        {
            case Payment.FirstCode when look.CanPay:
                _done = await desk.PayAsync(look.Id, look.Code, plan.Amount, cancellationToken);
                break;
            case Payment.TwoPayers when look.CanPay:
                _done = await RaceAsync(look, cancellationToken);
                break;
            case Payment.AfterRefresh when look.Round == 0 && look.HasRunOut && !_sentAway:
                await PayTooLateAsync(look, cancellationToken);
                break;
            case Payment.AfterRefresh when look.Round > 0 && look.CanPay:
            case Payment.AfterRevival when look.Round > look.MaxRounds && look.CanPay:
            case Payment.AfterCancel when look.IsCancelRequested && look.CanPay:
                _done = await desk.PayAsync(look.Id, look.Code, plan.Amount, cancellationToken);
                break;
            case Payment.AfterRevival when look.Phase == "Expired":
                await CommandAsync(look.Id, "refresh", cancellationToken);
                break;
            case Payment.AfterCancel or Payment.CancelledUnpaid when look.CanPay && !look.IsCancelRequested:
                await CommandAsync(look.Id, "cancel", cancellationToken);
                break;
            case Payment.CommittedLate or Payment.AfterTheEnd when _scan is null && look.CanPay:
                _scan = await desk.ScanAsync(look.Code, plan.Amount, cancellationToken);
                _scanExpires = look.ExpiresAt;
                break;
            case Payment.CommittedLate when _scan is not null && DateTimeOffset.UtcNow >= _scanExpires + plan.Patience:
                await desk.CommitAsync(look.Id, _scan, cancellationToken);
                _done = true;
                break;
        }
    }

    /// <summary>Does what was kept for the time after the journey.</summary>
    public async Task ActAfterTheEndAsync(string id, CancellationToken cancellationToken)
    {
        if (!_done && _scan is not null)
            await desk.CommitAsync(id, _scan, cancellationToken);
    }

    private async Task<bool> RaceAsync(Look look, CancellationToken cancellationToken)
    {
        var scans = await Task.WhenAll(
            desk.ScanAsync(look.Code, plan.Amount, cancellationToken), desk.ScanAsync(look.Code, plan.Amount, cancellationToken));
        var taken = await Task.WhenAll(scans.OfType<Scan>().Select(approved => desk.CommitAsync(look.Id, approved, cancellationToken)));
        if (taken.Count(took => took) > 1)
            Complaint = "two tills took cash on one code";
        return taken.Contains(true);
    }

    private async Task PayTooLateAsync(Look look, CancellationToken cancellationToken)
    {
        _sentAway = true;
        if (await desk.PayAsync(look.Id, look.Code, plan.Amount, cancellationToken))
            Complaint = "a till took cash on a code that had run out";
    }

    private async Task CommandAsync(string id, string command, CancellationToken cancellationToken)
    {
        if (DateTimeOffset.UtcNow - _commandedAt < CommandAgain)
            return;
        _commandedAt = DateTimeOffset.UtcNow;
        await app.CommandAsync(id, command, cancellationToken);
    }

    /// <summary>What a person sees of the journey.</summary>
    private sealed record Look(
        string Id, string Phase, string Code, DateTimeOffset ExpiresAt, int Round, int MaxRounds, bool IsCancelRequested)
    {
        public bool HasRunOut => Code.Length > 0 && DateTimeOffset.UtcNow >= ExpiresAt;

        public bool CanPay => Phase == "AwaitingDeposit" && Code.Length > 0 && !HasRunOut;

        public static Look Of(JsonObject document)
        {
            var deposit = document["deposit"];
            return new(
                document.Text("id")!,
                document.Text("phase")!,
                deposit.Text("code") ?? "",
                deposit?["expiresAt"] is null ? default : deposit.Time("expiresAt"),
                deposit?["round"]?.GetValue<int>() ?? 0,
                deposit?["maxRounds"]?.GetValue<int>() ?? 0,
                document.Is("cancelRequested"));
        }
    }
}
