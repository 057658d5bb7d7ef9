using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OmsWorkflows.Functions.Tests.Tables;

/// <summary>
/// The filters the app sends: comparisons of properties with text, truth values and times, joined by <c>and</c>, <c>or</c> and
/// parentheses.
/// </summary>
internal sealed partial class TableFilter
{
    private readonly Queue<string> _tokens;

    private TableFilter(string filter) => _tokens = new(Token().Matches(filter).Select(match => match.Value));

    public static Func<JsonObject, bool> Parse(string filter)
    {
        var parser = new TableFilter(filter);
        var parsed = parser.Or();
        return parser._tokens.Count == 0
            ? parsed
            : throw new FormatException($"Not understood from '{parser._tokens.Peek()}' on: {filter}");
    }

    private Func<JsonObject, bool> Or()
    {
        var left = And();
        while (Take("or"))
        {
            var (first, second) = (left, And());
            left = row => first(row) || second(row);
        }

        return left;
    }

    private Func<JsonObject, bool> And()
    {
        var left = Term();
        while (Take("and"))
        {
            var (first, second) = (left, Term());
            left = row => first(row) && second(row);
        }

        return left;
    }

    private Func<JsonObject, bool> Term()
    {
        if (Take("("))
        {
            var inner = Or();
            return Take(")") ? inner : throw new FormatException("A parenthesis is not closed.");
        }

        var (name, comparison, literal) = (_tokens.Dequeue(), _tokens.Dequeue(), _tokens.Dequeue());
        return row => row[name] is { } value && Holds(comparison, Compare(value, literal));
    }

    private bool Take(string token) => _tokens.TryPeek(out var next) && next == token && _tokens.TryDequeue(out _);

    private static int Compare(JsonNode value, string literal) => literal switch
    {
        "true" or "false" => value.GetValue<bool>().CompareTo(literal == "true"),
        ['d', 'a', 't', 'e', ..] => Time(value.GetValue<string>()).CompareTo(Time(literal["datetime'".Length..^1])),
        _ => string.CompareOrdinal(value.GetValue<string>(), literal[1..^1].Replace("''", "'", StringComparison.Ordinal)),
    };

    private static DateTimeOffset Time(string text)
        => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    public static bool Holds(string comparison, int order) => comparison switch
    {
        "eq" => order == 0,
        "ne" => order != 0,
        "lt" => order < 0,
        "le" => order <= 0,
        "gt" => order > 0,
        "ge" => order >= 0,
        _ => throw new FormatException($"'{comparison}' is no comparison."),
    };

    [GeneratedRegex(@"\(|\)|datetime'[^']*'|'(?:[^']|'')*'|[A-Za-z]+")]
    private static partial Regex Token();
}
