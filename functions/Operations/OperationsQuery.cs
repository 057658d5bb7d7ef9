using System.Buffers.Text;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace OmsWorkflows.Operations;

/// <summary>Reads the query string of an operator's request, and collects what is wrong with it.</summary>
internal sealed partial class OperationsQuery(IQueryCollection query)
{
    private readonly Dictionary<string, string[]> _errors = [];

    /// <summary>The answer to a request with errors; null when there are none.</summary>
    public IResult? Problem => _errors.Count == 0 ? null : Problems.Validation(_errors);

    public string? Optional(string name) => query[name].ToString() is { Length: > 0 } text ? text : null;

    public string Required(string name)
    {
        if (Optional(name) is { } text) return text;
        _errors[name] = [$"Give it as ?{name}=…"];
        return "";
    }

    /// <summary>The operator's own reference of a decision. Only what a ticket number needs, so that no personal data can stand in it.</summary>
    public string Reference()
    {
        var reference = Required("reference");
        if (reference.Length > 0 && !ReferenceForm().IsMatch(reference))
            _errors["reference"] = ["Give a ticket number or the like: up to 64 letters, digits and . _ / # -"];
        return reference;
    }

    public int Limit(int standard, int most)
    {
        if (Optional("limit") is not { } text) return standard;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit >= 1 && limit <= most) return limit;
        _errors["limit"] = [$"Give a whole number from 1 to {most}."];
        return standard;
    }

    public string? After()
    {
        if (Optional("after") is not { } after || Base64Url.IsValid(after)) return Optional("after");
        _errors["after"] = ["Give the 'next' of the page before."];
        return null;
    }

    public DateTimeOffset Time(string name, DateTimeOffset standard)
    {
        if (Optional(name) is not { } text) return standard;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            && time.Year is > 1970 and < 9999) return time;
        _errors[name] = ["Give an ISO 8601 time, such as 2026-06-10T15:20:04Z."];
        return standard;
    }

    public T Choice<T>(string name, T standard)
        where T : struct, Enum
    {
        if (Optional(name) is not { } text) return standard;
        if (char.IsAsciiLetter(text[0]) && Enum.TryParse<T>(text, ignoreCase: true, out var value)) return value;
        _errors[name] = [$"Give one of {string.Join(", ", Enum.GetNames<T>())}."];
        return standard;
    }

    public void Refuse(string name, string issue) => _errors[name] = [issue];

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._/#-]{0,63}$", RegexOptions.NonBacktracking)]
    private static partial Regex ReferenceForm();
}
