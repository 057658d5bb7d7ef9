using System.Globalization;

namespace OmsWorkflows.Settings;

/// <summary>How a value that is not a text is written in a setting.</summary>
/// <param name="Rule">What a setting is told that is none.</param>
/// <param name="Read">Reads one; null when it is none.</param>
internal sealed record SettingForm(string Rule, Func<string, object?> Read)
{
    private const NumberStyles AmountStyle = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    private static readonly SettingForm Span = new(
        Duration.Rule, text => Duration.TryParse(text, out var duration) ? duration : null);

    private static readonly SettingForm Number = new(
        "must be a whole number, such as 5.",
        text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null);

    private static readonly SettingForm Amount = new(
        "must be a number in digits, such as 1000 or 0.50.",
        text => decimal.TryParse(text, AmountStyle, CultureInfo.InvariantCulture, out var amount) ? amount : null);

    private static readonly SettingForm Flag = new(
        "must be true or false.",
        text => text.Equals("true", StringComparison.OrdinalIgnoreCase) ? true
            : text.Equals("false", StringComparison.OrdinalIgnoreCase) ? false : null);

    /// <summary>The form of a type; null for what is left to .NET's binder, such as texts.</summary>
    public static SettingForm? Of(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain == typeof(TimeSpan) ? Span
            : plain == typeof(int) ? Number
            : plain == typeof(decimal) ? Amount
            : plain == typeof(bool) ? Flag
            : plain.IsEnum ? Name(plain)
            : null;
    }

    /// <summary>By name only: a number says nothing to whoever reads the settings.</summary>
    private static SettingForm Name(Type type)
    {
        var names = Enum.GetNames(type);
        return new(
            $"must be one of {string.Join(", ", names)}.",
            text => Array.Find(names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } known
                ? Enum.Parse(type, known)
                : null);
    }
}
