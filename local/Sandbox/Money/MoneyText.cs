using System.Globalization;

namespace OmsWorkflows.Local.Sandbox.Money;

/// <summary>Money on the wire: decimal strings with at least two decimals (docs/oms-api.md 1).</summary>
internal static class MoneyText
{
    public static string Of(decimal amount) => amount.ToString("0.00####", CultureInfo.InvariantCulture);

    /// <summary>As on chain: USDC has six decimals.</summary>
    public static string OnChain(decimal amount) => amount.ToString("0.000000", CultureInfo.InvariantCulture);

    /// <summary>A positive amount without sign, exponent, group marks or blanks.</summary>
    public static bool TryRead(string text, out decimal amount)
        => decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out amount) && amount > 0;

    public static decimal Cents(decimal amount) => Math.Round(amount, 2, MidpointRounding.AwayFromZero);
}

/// <summary>What was kept back on one side (docs/oms-api.md 7.2).</summary>
internal sealed record Fees(string Total, string Developer, string Oms, string Gas)
{
    public static Fees Of(decimal oms) => new(MoneyText.Of(oms), "0.00", MoneyText.Of(oms), "0.00");
}

/// <summary>Rates of a conversion.</summary>
internal sealed record Rates(string Pair, string ExchangeRate, string EffectiveRate);
