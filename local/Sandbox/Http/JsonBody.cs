using System.Globalization;
using System.Text.Json;
using OmsWorkflows.Local.Sandbox.Money;

namespace OmsWorkflows.Local.Sandbox.Http;

/// <summary>
/// A request body, read member by member. What is wrong is collected with its path, so that one answer names every wrong field; unknown
/// members are ignored. Call <see cref="Check"/> before using what was read.
/// </summary>
internal sealed class JsonBody
{
    private readonly JsonElement _element;
    private readonly string _path;
    private readonly List<ErrorDetail> _issues;
    private readonly HashSet<string> _asked = [];

    private JsonBody(JsonElement element, string path, List<ErrorDetail> issues)
        => (_element, _path, _issues) = (element, path, issues);

    public static async Task<JsonBody> ReadAsync(HttpRequest request)
    {
        try
        {
            var element = request.ContentLength == 0
                ? default
                : await JsonSerializer.DeserializeAsync<JsonElement>(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            if (element.ValueKind != JsonValueKind.Object)
                throw ApiException.Validation("$", "must be a JSON object");
            return new JsonBody(element, "", []);
        }
        catch (JsonException)
        {
            throw ApiException.Validation("$", "is not well-formed JSON");
        }
    }

    /// <summary>For controls, where a call without a body means its defaults.</summary>
    public static async Task<JsonBody> ReadOptionalAsync(HttpRequest request)
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, request.HttpContext.RequestAborted);
        request.Body = new MemoryStream(buffer.Length == 0 ? "{}"u8.ToArray() : buffer.ToArray());
        request.ContentLength = null;
        return await ReadAsync(request);
    }

    /// <summary>True when the member is there, even as null.</summary>
    public bool Has(string name)
    {
        _asked.Add(name);
        return _element.TryGetProperty(name, out _);
    }

    /// <summary>Names every member that nobody asked for: a slip of the pen must not look like a success.</summary>
    public void RefuseUnknown()
    {
        foreach (var member in _element.EnumerateObject().Where(member => !_asked.Contains(member.Name)))
            Wrong(member.Name, "is not known");
    }

    public void Wrong(string name, string issue) => _issues.Add(new ErrorDetail(At(name), issue));

    public void Check()
    {
        if (_issues.Count > 0)
            throw ApiException.Validation([.. _issues]);
    }

    public string? Text(string name)
    {
        try
        {
            return Member(name, JsonValueKind.String, "must be a string")?.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, for example.
            Wrong(name, "is no Unicode text");
            return null;
        }
    }

    public string RequiredText(string name)
    {
        var text = Text(name);
        if (!string.IsNullOrEmpty(text))
            return text;
        if (!Named(name))
            Wrong(name, "is required");
        return "";
    }

    /// <summary>An id that has to start with a prefix (docs/oms-api.md 1.1).</summary>
    public string RequiredId(string name, string prefix)
    {
        var id = RequiredText(name);
        if (id.Length > 0 && !id.StartsWith(prefix + "_", StringComparison.Ordinal))
            Wrong(name, $"must start with {prefix}_");
        return id;
    }

    public bool? Bool(string name)
    {
        if (!Present(name, out var member))
            return null;
        if (member.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return member.GetBoolean();
        Wrong(name, "must be true or false");
        return null;
    }

    public int? Int(string name)
    {
        if (Member(name, JsonValueKind.Number, "must be a whole number") is not { } member)
            return null;
        if (member.TryGetInt32(out var number))
            return number;
        Wrong(name, "must be a whole number");
        return null;
    }

    public double? Number(string name) => Member(name, JsonValueKind.Number, "must be a number")?.GetDouble();

    /// <summary>Money is a decimal string, never a JSON number (docs/oms-api.md 1).</summary>
    public decimal? Money(string name)
    {
        if (Member(name, JsonValueKind.String, "must be a decimal string") is not { } member)
            return null;
        if (MoneyText.TryRead(member.GetString()!, out var amount))
            return amount;
        Wrong(name, "must be a positive decimal string");
        return null;
    }

    public decimal RequiredMoney(string name)
    {
        if (Money(name) is { } amount)
            return amount;
        if (!Named(name))
            Wrong(name, "is required");
        return 0;
    }

    /// <summary>A time span: <c>hh:mm:ss</c>, <c>d.hh:mm:ss</c>, ISO 8601 such as <c>PT65M</c>, or a number of seconds.</summary>
    public TimeSpan? Span(string name)
    {
        if (!Present(name, out var member))
            return null;
        if (member.ValueKind == JsonValueKind.Number)
            return TimeSpan.FromSeconds(member.GetDouble());
        if (member.ValueKind == JsonValueKind.String && TryReadSpan(member.GetString()!, out var span))
            return span;
        Wrong(name, "must be a time span such as 01:05:00, PT65M, or a number of seconds");
        return null;
    }

    public DateTimeOffset? Time(string name)
    {
        if (Member(name, JsonValueKind.String, "must be an ISO 8601 time") is not { } member)
            return null;
        if (DateTimeOffset.TryParse(member.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return time;
        Wrong(name, "must be an ISO 8601 time");
        return null;
    }

    public JsonBody? Object(string name)
        => Member(name, JsonValueKind.Object, "must be an object") is { } member ? new JsonBody(member, At(name), _issues) : null;

    /// <summary>
    /// An object that has to be there; an empty one stands in when it is not, so that its own required members are named too.
    /// </summary>
    public JsonBody RequiredObject(string name) => Object(name) ?? new JsonBody(EmptyObject, At(name), _issues);

    public IReadOnlyList<JsonBody>? Objects(string name)
    {
        if (Member(name, JsonValueKind.Array, "must be a list") is not { } member)
            return null;
        var items = new List<JsonBody>();
        foreach (var item in member.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Object)
                items.Add(new JsonBody(item, $"{At(name)}[{items.Count}]", _issues));
            else
                Wrong(name, "must be a list of objects");
        }
        return items;
    }

    public IReadOnlyList<string>? Texts(string name)
    {
        if (Member(name, JsonValueKind.Array, "must be a list of strings") is not { } member)
            return null;
        var texts = new List<string>();
        foreach (var item in member.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String && item.GetString()!.Length > 0)
                texts.Add(item.GetString()!);
            else
                Wrong(name, "must be a list of strings");
        }
        return texts;
    }

    /// <summary>A free map of strings with 20 keys at most (docs/oms-api.md 1).</summary>
    public IReadOnlyDictionary<string, string>? Metadata(string name = "metadata")
    {
        if (Member(name, JsonValueKind.Object, "must be an object of strings") is not { } member)
            return null;
        var map = new Dictionary<string, string>();
        foreach (var property in member.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.String)
                map[property.Name] = property.Value.GetString()!;
            else
                Wrong($"{name}.{property.Name}", "must be a string");
        }
        if (map.Count > 20)
            Wrong(name, "must have 20 keys at most");
        return map;
    }

    /// <summary>The member as it came; null when it is not there. A JSON null is one.</summary>
    public RawJson? Raw(string name) => Has(name) ? new RawJson(_element.GetProperty(name).GetRawText()) : null;

    /// <summary>All of this object as it came.</summary>
    public RawJson Raw() => new(_element.GetRawText());

    /// <summary>The members of an object, each as it came.</summary>
    public IReadOnlyList<(string Name, RawJson Value)> Members(string name)
        => Member(name, JsonValueKind.Object, "must be an object") is { } member
            ? [.. member.EnumerateObject().Select(property => (property.Name, new RawJson(property.Value.GetRawText())))]
            : [];

    public T Read<T>() => _element.Deserialize<T>(SandboxJson.Options)!;

    private static readonly JsonElement EmptyObject = JsonDocument.Parse("{}").RootElement;

    private static bool TryReadSpan(string text, out TimeSpan span)
    {
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out span))
            return true;
        try
        {
            span = System.Xml.XmlConvert.ToTimeSpan(text);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private JsonElement? Member(string name, JsonValueKind kind, string issue)
    {
        if (!Present(name, out var member))
            return null;
        if (member.ValueKind == kind)
            return member;
        Wrong(name, issue);
        return null;
    }

    private bool Present(string name, out JsonElement member)
    {
        _asked.Add(name);
        return _element.TryGetProperty(name, out member) && member.ValueKind != JsonValueKind.Null;
    }

    private bool Named(string name) => _issues.Any(issue => issue.Field == At(name));

    private string At(string name) => _path.Length == 0 ? name : $"{_path}.{name}";
}
