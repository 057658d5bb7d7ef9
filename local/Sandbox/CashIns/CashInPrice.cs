using System.Globalization;
using OmsWorkflows.Local.Sandbox.Money;

namespace OmsWorkflows.Local.Sandbox.CashIns;

/// <summary>1.5 % plus 0.50 USD, taken from the cash; one USD buys one USDC (docs/oms-api.md 7.2).</summary>
internal sealed record CashInPrice(decimal Gross, decimal Fee, decimal Net)
{
    private const decimal Percentage = 0.015m;
    private const decimal Fixed = 0.50m;

    public static FeeSchedule Schedule { get; } = new(
        "usd", [new FeeEntry("percentage", Rate: "0.015"), new FeeEntry("fixed", Amount: "0.50")]);

    public static CashInPrice For(decimal gross)
    {
        var fee = MoneyText.Cents((gross * Percentage) + Fixed);
        return new CashInPrice(gross, fee, gross - fee);
    }

    public Rates Rates(string pair) => new(pair, "1.0", (Net / Gross).ToString("0.0000", CultureInfo.InvariantCulture));
}
