using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using FluentValidation;

namespace OmsWorkflows.Onboarding;

/// <summary>
/// Rules for what people are called, where they live and how they are reached. All of them judge the whole text, in ASCII where a form is
/// given.
/// </summary>
internal static partial class PersonRules
{
    private const string CountryMessage = "must be an ISO 3166-1 alpha-2 code, such as US";

    /// <summary>Countries whose addresses name a state or province.</summary>
    private static readonly HashSet<string> WithStates = ["AU", "BR", "CA", "IN", "MX", "US"];

    /// <summary>Countries that have no postcodes, or hardly use them.</summary>
    private static readonly HashSet<string> WithoutPostcodes =
    [
        "AE", "AG", "AO", "AW", "BF", "BI", "BJ", "BO", "BQ", "BS", "BW", "BZ", "CD", "CF", "CG", "CI", "CK", "CM", "CW", "DJ",
        "DM", "ER", "FJ", "GA", "GD", "GH", "GM", "GQ", "GY", "HK", "IE", "JM", "KI", "KM", "KN", "KP", "LC", "LY", "ML", "MO",
        "MR", "MW", "NR", "NU", "PA", "QA", "RW", "SB", "SC", "SL", "SO", "SR", "SS", "ST", "SX", "SY", "TD", "TF", "TG", "TK",
        "TL", "TO", "TT", "TV", "UG", "VU", "YE", "ZW",
    ];

    /// <summary>Whether an address in the country has a state.</summary>
    public static bool HasStates(string? country) => country is not null && WithStates.Contains(country);

    /// <summary>Whether an address in the country has a postcode.</summary>
    public static bool HasPostcodes(string? country) => country is null || !WithoutPostcodes.Contains(country);

    /// <summary>
    /// Text a person wrote: not blank, not longer than the store holds, and no control characters, which would break a form or a log.
    /// </summary>
    public static IRuleBuilderOptions<T, string?> PlainText<T>(this IRuleBuilder<T, string?> rule, int longest) => rule
        .MaximumLength(longest).WithMessage($"is longer than {longest} characters")
        .Must(text => text is null || !text.All(IsInvisible)).WithMessage("must not be blank; leave it out if there is none")
        .Must(text => text is null || !text.Any(IsControl)).WithMessage("has a control character in it");

    /// <summary>An e-mail address: something before and after one at sign, and no blank.</summary>
    public static IRuleBuilderOptions<T, string?> Email<T>(this IRuleBuilder<T, string?> rule) => rule
        .EmailAddress().WithMessage("is not an e-mail address")
        .Must(text => text is null || !text.Any(IsInvisible)).WithMessage("has a blank in it");

    /// <summary>A country code.</summary>
    public static IRuleBuilderOptions<T, string?> Country<T>(this IRuleBuilder<T, string?> rule)
        => rule.Matches(CountryForm()).WithMessage(CountryMessage);

    /// <summary>A phone number in E.164.</summary>
    public static IRuleBuilderOptions<T, string?> Phone<T>(this IRuleBuilder<T, string?> rule)
        => rule.Matches(PhoneForm()).WithMessage("must be in E.164 form, such as +12125550142");

    /// <summary>An IP address as a server sees it: no shortened numbers, no scope.</summary>
    public static IRuleBuilderOptions<T, string?> IpAddress<T>(this IRuleBuilder<T, string?> rule)
        => rule.Must(text => text is null || IsIpAddress(text)).WithMessage("is not an IP address, such as 203.0.113.7 or 2001:db8::7");

    /// <summary>Joiners within words are none: some scripts need them.</summary>
    private static bool IsControl(char character) => char.IsControl(character) || character is '\u2028' or '\u2029';

    private static bool IsInvisible(char character)
        => char.IsWhiteSpace(character) || char.IsControl(character) || char.GetUnicodeCategory(character) == UnicodeCategory.Format;

    private static bool IsIpAddress(string text) => IPAddress.TryParse(text, out var address) && address.AddressFamily switch
    {
        AddressFamily.InterNetwork => address.ToString() == text,
        _ => text.Length <= 45 && text.All(character => char.IsAsciiHexDigit(character) || character is ':' or '.'),
    };

    [GeneratedRegex(@"\A[A-Z]{2}\z", RegexOptions.NonBacktracking)]
    private static partial Regex CountryForm();

    [GeneratedRegex(@"\A\+[1-9][0-9]{6,14}\z", RegexOptions.NonBacktracking)]
    private static partial Regex PhoneForm();
}
