using OmsWorkflows.Local.Sandbox.Locations;

namespace OmsWorkflows.Local.Sandbox.CashIns;

/// <summary>Limits of docs/oms-api.md 7.4: per deposit, and per customer over rolling windows.</summary>
internal static class CashInLimits
{
    public const decimal Minimum = 20m;

    private static readonly (TimeSpan Window, decimal Amount, int Count)[] Windows =
    [
        (TimeSpan.FromDays(1), 1_500m, 3),
        (TimeSpan.FromDays(7), 3_500m, 12),
        (TimeSpan.FromDays(30), 5_000m, 20),
    ];

    public static bool AllowsOne(decimal amount, CashLocation location) => amount >= Minimum && amount <= location.MaxDeposit;

    /// <summary>Whether one more deposit fits into every window, given the earlier ones.</summary>
    public static bool AllowsMore(decimal amount, DateTimeOffset now, IReadOnlyCollection<(DateTimeOffset At, decimal Amount)> earlier)
        => Windows.All(limit =>
        {
            var inside = earlier.Where(deposit => deposit.At > now - limit.Window).ToList();
            return inside.Count < limit.Count && inside.Sum(deposit => deposit.Amount) + amount <= limit.Amount;
        });
}
