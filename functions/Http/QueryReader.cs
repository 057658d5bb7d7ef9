using System.Buffers.Text;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace OmsWorkflows.Http;

/// <summary>
/// Reads the query string of a request, and collects what is wrong with it: read everything, then look at <see cref="Problem"/>.
/// </summary>
internal sealed partial class QueryReader(IQueryCollection query)
{
    private readonly Dictionary<string, string[]> _errors = [];

    /// <summary>The answer to a request with errors; null when there are none.</summary>
    public IResult? Problem => _errors.Count == 0 ? null : Problems.Validation(_errors);

    public string? Optional(string name) => query[name].ToString() is { Length: > 0 } text ? text : null;

    /// <summary>The text; empty when it is missing, and then <see cref="Problem"/> says so.</summary>
    public string Required(string name)
    {
        if (Optional(name) is { } text)
            return text;
        Refuse(name, "is required");
        return "";
    }

    /// <summary>
    /// The operator's own reference of a decision. Only what a ticket number needs, so that no personal data can stand in it.
    /// </summary>
    public string Reference()
    {
        var reference = Required("reference");
        if (reference.Length > 0 && !ReferenceForm().IsMatch(reference))
            Refuse("reference", "must be a ticket number or the like: up to 64 letters, digits and . _ / # -");
        return reference;
    }

    /// <summary>How many a page may hold.</summary>
    public int Limit(int standard, int most)
    {
        if (Optional("limit") is not { } text)
            return standard;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit >= 1 && limit <= most)
            return limit;
        Refuse("limit", $"must be a whole number from 1 to {most}");
        return standard;
    }

    /// <summary>Where the page before ended, as <see cref="PageToken"/> encoded it.</summary>
    public string? After()
    {
        var after = Optional("after");
        if (after is null || Base64Url.IsValid(after))
            return after;
        Refuse("after", "must be the 'next' of the page before");
        return null;
    }

    public DateTimeOffset Time(string name, DateTimeOffset standard)
    {
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (Optional(name) is not { } text)
            return standard;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, utc, out var time) && time.Year is > 1970 and < 9999)
            return time;
        Refuse(name, "must be an ISO 8601 time, such as 2026-06-10T15:20:04Z");
        return standard;
    }

    /// <summary>The time, if there is one.</summary>
    public DateTimeOffset? Time(string name) => Optional(name) is null ? null : Time(name, default);

    public bool? Flag(string name)
    {
        if (Optional(name) is not { } text)
            return null;
        if (bool.TryParse(text, out var flag))
            return flag;
        Refuse(name, "must be true or false");
        return null;
    }

    public T? Choice<T>(string name)
        where T : struct, Enum
    {
        if (Optional(name) is not { } text)
            return null;
        if (char.IsAsciiLetter(text[0]) && Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value))
            return value;
        Refuse(name, $"must be one of {string.Join(", ", Enum.GetNames<T>())}");
        return null;
    }

    public void Refuse(string name, string issue) => _errors[name] = [issue];

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._/#-]{0,63}$", RegexOptions.NonBacktracking)]
    private static partial Regex ReferenceForm();
}
