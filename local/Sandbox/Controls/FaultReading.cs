using System.Text;
using System.Text.Json;
using OmsWorkflows.Local.Sandbox.Faults;
using OmsWorkflows.Local.Sandbox.Http;

namespace OmsWorkflows.Local.Sandbox.Controls;

/// <summary>Reads one fault of a script and names what is wrong with it.</summary>
internal static class FaultReading
{
    private const string Always = "always";

    private static readonly IReadOnlyList<string> Names = [.. Enum.GetNames<FaultKind>().Select(JsonNamingPolicy.CamelCase.ConvertName)];

    public static FaultRule Read(JsonBody body)
    {
        var kind = ReadKind(body);
        var after = body.Bool("after") ?? kind == FaultKind.Stall;
        var ofWebhooks = IsOfWebhooks(body, kind);
        var probability = ReadProbability(body);
        var rule = new FaultRule(kind, ReadMatch(body, kind, after, ofWebhooks))
        {
            Entered = body.Raw(),
            OfWebhooks = ofWebhooks,
            Times = ReadTimes(body, probability),
            Skip = NotNegative(body, "skip") ?? 0,
            Lasts = body.Span("lasts"),
            Probability = probability,
            Seed = body.Int("seed") ?? 0,
            Status = ReadStatus(body, kind),
            Code = body.Text("code"),
            RetryAfter = body.Span("retryAfter"),
            RetryAfterAsDate = body.Bool("retryAfterAsDate") ?? false,
            After = after,
            Delay = body.Span("delay"),
            Bytes = NotNegative(body, "bytes") ?? 0,
            Drip = body.Bool("drip") ?? false,
            Cut = body.Bool("cut") ?? false,
            Body = ReadBody(body, kind),
            Headers = ReadHeaders(body),
            Edits = ReadEdits(body),
            Bom = body.Bool("bom") ?? false,
            Truncate = NotNegative(body, "truncate"),
            Copies = body.Int("copies") ?? 1,
            Behind = body.Text("behind"),
            Recoverable = body.Bool("recoverable") ?? false,
        };
        RequireWhatItNeeds(body, rule);
        body.RefuseUnknown();
        return rule;
    }

    private static void RequireWhatItNeeds(JsonBody body, FaultRule rule)
    {
        if (rule.Delay is null && rule.Fault is FaultKind.Delay or FaultKind.SlowConversion)
            body.Wrong("delay", "is required");
        if (rule.Delay < TimeSpan.Zero)
            body.Wrong("delay", "must not be negative");
        if (rule is { Drip: true, Bytes: 0 } or { Drip: true, Delay: null })
            body.Wrong("drip", "needs bytes and delay");
        if (rule.Fault == FaultKind.Edit && rule.Edits.Count == 0)
            body.Wrong("replace", "one of replace, insert and remove is required");
        if (rule.Fault == FaultKind.Garble && rule is { Bom: false, Truncate: null, Status: null, Headers.Count: 0 })
            body.Wrong("bom", "one of bom, truncate, status, contentType and headers is required");
    }

    private static FaultKind ReadKind(JsonBody body)
    {
        var name = body.RequiredText("fault");
        // A number would parse as well.
        var known = Enum.TryParse<FaultKind>(name, ignoreCase: true, out var kind) && name.All(char.IsAsciiLetter);
        if (!known && name.Length > 0)
            body.Wrong("fault", $"must be one of {string.Join(", ", Names)}");
        return kind;
    }

    private static FaultMatch ReadMatch(JsonBody body, FaultKind kind, bool after, bool ofWebhooks)
    {
        if (body.Object("match") is not { } match)
            return FaultMatch.Everything;
        var where = match.Members("where").ToDictionary(member => member.Name, member => AsText(member.Value));
        if (where.Count > 0 && !kind.SeesBody(after))
            match.Wrong("where", "cannot be asked by a fault that strikes before there is anything to tell");
        var members = kind.MatchedBy(ofWebhooks);
        foreach (var name in FaultMatch.Members.Where(name => match.Has(name) && !members.Contains(name)))
            match.Wrong(name, $"does not belong to this fault; it is matched by {string.Join(", ", members)}");
        match.RefuseUnknown();
        return new FaultMatch
        {
            Method = match.Text("method"),
            Path = match.Text("path"),
            Event = match.Text("event"),
            CustomerId = match.Text("customerId"),
            ResourceId = match.Text("resourceId"),
            EndpointId = match.Text("endpointId"),
            Where = where,
        };
    }

    private static bool IsOfWebhooks(JsonBody body, FaultKind kind)
    {
        if (!kind.IsOfBoth())
            return false;
        var of = body.Text("of");
        if (of is not (null or "call" or "webhook"))
            body.Wrong("of", "must be call or webhook");
        var match = body.Object("match");
        return of is null
            ? match is not null && (match.Has("event") || match.Has("endpointId") || match.Has("resourceId"))
            : of == "webhook";
    }

    private static double ReadProbability(JsonBody body)
    {
        var probability = body.Number("probability") ?? 1;
        if (probability is < 0 or > 1)
            body.Wrong("probability", "must be from 0 to 1");
        return probability;
    }

    /// <summary>A sure fault strikes once unless told otherwise; one that is left to chance, or lasts for a time, goes on.</summary>
    private static int? ReadTimes(JsonBody body, double probability)
    {
        if (body.Raw("times")?.Text == $"\"{Always}\"")
            return null;
        return NotNegative(body, "times") ?? (probability < 1 || body.Has("lasts") ? null : 1);
    }

    private static int? ReadStatus(JsonBody body, FaultKind kind)
    {
        var status = body.Int("status");
        var from = kind is FaultKind.Status or FaultKind.GatewayPage ? 400 : 200;
        if (status < from || status > 599 || (status is null && kind == FaultKind.Status))
            body.Wrong("status", $"must be from {from} to 599");
        return status;
    }

    /// <summary>The body of an answer: as JSON, as a text, or as bytes in base 64.</summary>
    private static ReadOnlyMemory<byte> ReadBody(JsonBody body, FaultKind kind)
    {
        if (kind != FaultKind.Answer)
            return default;
        var (json, text, base64) = (body.Raw("json"), body.Text("text"), body.Text("base64"));
        if (new object?[] { json, text, base64 }.Count(given => given is not null) > 1)
            body.Wrong("json", "only one of json, text and base64 can be given");
        if (base64 is null)
            return Encoding.UTF8.GetBytes(json?.Text ?? text ?? "");
        var bytes = new byte[base64.Length];
        if (Convert.TryFromBase64String(base64, bytes, out var length))
            return bytes.AsMemory(0, length);
        body.Wrong("base64", "is not base 64");
        return default;
    }

    private static Dictionary<string, string> ReadHeaders(JsonBody body)
    {
        var headers = body.Metadata("headers")?.ToDictionary(header => header.Key, header => header.Value) ?? [];
        if (body.Text("contentType") is { } contentType)
            headers["Content-Type"] = contentType;
        if (headers.Any(header => header.Key.Length == 0 || header.Key.Any(IsNoToken) || header.Value.Any(IsNotPrintable)))
            body.Wrong("headers", "must be printable ASCII");
        return headers;
    }

    private static bool IsNotPrintable(char character) => character is < ' ' or > '~';

    private static bool IsNoToken(char character) => !char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_');

    private static List<JsonEdit> ReadEdits(JsonBody body) =>
    [
        .. (body.Texts("remove") ?? []).Select(path => new JsonEdit(JsonEditKind.Remove, path, null)),
        .. body.Members("replace").Select(member => new JsonEdit(JsonEditKind.Replace, member.Name, member.Value)),
        .. body.Members("insert").Select(member => new JsonEdit(JsonEditKind.Insert, member.Name, member.Value)),
    ];

    private static int? NotNegative(JsonBody body, string name)
    {
        var number = body.Int(name);
        if (number < 0)
            body.Wrong(name, "must not be negative");
        return number;
    }

    private static string AsText(RawJson value)
        => value.Text.StartsWith('"') ? JsonSerializer.Deserialize<string>(value.Text)! : value.Text;
}
