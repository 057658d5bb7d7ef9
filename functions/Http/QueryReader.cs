using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace OmsWorkflows.Http;

/// <summary>
/// Reads the query string of a request, and collects what is wrong with it: read everything, then look at <see cref="Problem"/>. A
/// parameter that nobody read is wrong too: one that is misspelt would otherwise answer with more than was asked for.
/// </summary>
internal sealed partial class QueryReader(IQueryCollection query)
{
    /// <summary>The platform's own parameters: a function key, and the client's cache buster.</summary>
    private static readonly string[] PlatformNames = ["code", "clientId"];

    private readonly HashSet<string> _read = new(PlatformNames, StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string[]> _errors = [];

    /// <summary>The answer to a request with errors; null when there are none.</summary>
    public IResult? Problem
    {
        get
        {
            foreach (var name in query.Keys.Where(name => !_read.Contains(name)))
                Refuse(name.Length is > 0 and <= 64 && name.All(char.IsAsciiLetterOrDigit) ? name : "query", "is not a known parameter");
            return _errors.Count == 0 ? null : Problems.Validation(_errors);
        }
    }

    public string? Optional(string name)
    {
        _read.Add(name);
        switch (query[name].ToArray())
        {
            case []:
                return null;
            case [{ Length: > 0 } text]:
                return text;
            case [_]:
                Refuse(name, "must not be empty; leave it out instead");
                return null;
            default:
                Refuse(name, "is given more than once");
                return null;
        }
    }

    /// <summary>The text; empty when it is missing, and then <see cref="Problem"/> says so.</summary>
    public string Required(string name)
    {
        if (Optional(name) is { } text)
            return text;
        if (!_errors.ContainsKey(name))
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

    /// <summary>
    /// Why an operator decides as they do. Kept, shown and logged, so it has no room for what names a person: no address, no long number.
    /// </summary>
    public string Reason()
    {
        var reason = Required("reason");
        if (reason.Length > 0 && (!ReasonForm().IsMatch(reason) || LongNumber().IsMatch(reason)))
        {
            Refuse("reason", "must say why in 3 to 200 letters, digits and punctuation, in one line, without an e-mail address or a number "
                + "of more than six digits");
        }

        return reason;
    }

    /// <summary>An id of OMS or of this app; it may be anything that fits a header and a table's key.</summary>
    public string? Id(string name)
    {
        if (Optional(name) is not { } id)
            return null;
        if (id.Length <= 200 && id.All(character => character is > ' ' and <= '~'))
            return id;
        Refuse(name, "must be an id: up to 200 printable ASCII characters without spaces");
        return null;
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

    /// <summary>A decimal number within limits; it has to be there.</summary>
    public decimal Number(string name, decimal least, decimal most)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (Required(name) is not { Length: > 0 } text)
            return 0m;
        if (text.Length <= 32 && decimal.TryParse(text, style, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
        {
            return number;
        }

        Refuse(name, string.Create(CultureInfo.InvariantCulture, $"must be a number from {least} to {most}"));
        return 0m;
    }

    /// <summary>Where the page before ended, as <see cref="PageToken"/> encoded it for the same list.</summary>
    public string? After(string list)
    {
        if (Optional("after") is not { } token)
            return null;
        if (PageToken.TryDecode(list, token, out var position))
            return position;
        Refuse("after", "must be the 'next' of the page before, of the same list with the same filters");
        return null;
    }

    /// <summary>A time of ISO 8601; without an offset it is UTC.</summary>
    public DateTimeOffset Time(string name, DateTimeOffset standard)
    {
        if (Optional(name) is not { } text)
            return standard;
        if (TimeText.TryRead(text, out var time))
            return time;
        Refuse(name, "must be an ISO 8601 time, such as 2026-06-10T15:20:04Z; write a plus sign as %2B");
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

    /// <summary>One of several, which has to be given; the first when it is not, and then <see cref="Problem"/> says so.</summary>
    public T RequiredChoice<T>(string name)
        where T : struct, Enum
    {
        var chosen = Choice<T>(name);
        if (chosen is null && !_errors.ContainsKey(name))
            Refuse(name, $"is required: one of {string.Join(", ", Enum.GetNames<T>())}");
        return chosen ?? default;
    }

    public T? Choice<T>(string name)
        where T : struct, Enum
    {
        if (Optional(name) is not { } text)
            return null;
        var known = Enum.GetNames<T>();
        if (known.FirstOrDefault(value => value.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } found)
            return Enum.Parse<T>(found);
        Refuse(name, $"must be one of {string.Join(", ", known)}");
        return null;
    }

    public void Refuse(string name, string issue) => _errors[name] = [issue];

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._/#-]{0,63}\z", RegexOptions.NonBacktracking)]
    private static partial Regex ReferenceForm();

    [GeneratedRegex(@"\A[\p{L}\p{N} .,;:()/#'""!?&+=_-]{3,200}\z", RegexOptions.NonBacktracking)]
    private static partial Regex ReasonForm();

    [GeneratedRegex(@"\p{N}(\P{L}{0,3}\p{N}){6}", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex LongNumber();
}
