using System.Globalization;
using System.Text;

namespace OmsWorkflows.Oms;

/// <summary>A query string; parameters without a value are left out.</summary>
internal sealed class QueryText
{
    private readonly List<KeyValuePair<string, string>> _parameters = [];

    public QueryText Add(string name, string? value)
    {
        if (value is not null)
            _parameters.Add(new(name, value));
        return this;
    }

    public QueryText Add(string name, int? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public QueryText Add(string name, DateTimeOffset? value) => Add(name, value is { } time ? TimestampConverter.Text(time) : null);

    /// <summary>The same query with one parameter more.</summary>
    public QueryText With(string name, string? value)
    {
        var copy = new QueryText();
        copy._parameters.AddRange(_parameters);
        return copy.Add(name, value);
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (name, value) in _parameters)
            text.Append(text.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        return text.ToString();
    }
}
