using System.Globalization;

namespace OmsWorkflows.Oms;

/// <summary>A query string; parameters without a value are left out.</summary>
internal sealed class QueryText
{
    private readonly List<string> _parameters;

    public QueryText()
        : this([])
    {
    }

    private QueryText(IEnumerable<string> parameters) => _parameters = [.. parameters];

    public QueryText Add(string name, string? value)
    {
        if (value is not null)
        {
            _parameters.Add($"{name}={Uri.EscapeDataString(value)}");
        }

        return this;
    }

    public QueryText Add(string name, int? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public QueryText Add(string name, DateTimeOffset? value) => Add(name, value is { } time ? TimestampConverter.Text(time) : null);

    /// <summary>The same query with one parameter more.</summary>
    public QueryText With(string name, string? value) => new QueryText(_parameters).Add(name, value);

    public override string ToString() => _parameters.Count == 0 ? "" : $"?{string.Join('&', _parameters)}";
}
