using System.Text.Json;
using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>
/// Endorsements come as objects, whose name member is <c>name</c>, <c>type</c> or <c>endorsement</c>, or as plain strings that mean ACTIVE
/// (docs/oms-api.md 4.2, 13). Names and states are read as vocabulary; what they need and why they were rejected is only shown.
/// </summary>
internal sealed class EndorsementsConverter : JsonConverter<IReadOnlyList<Endorsement>>
{
    /// <summary>They are shown, and travel through histories, which OMS must not fill.</summary>
    private const int MostTexts = 8;
    private const int LongestText = 200;

    private static readonly string[] NameMembers = ["name", "type", "endorsement"];
    private static readonly string[] ReasonMembers = ["developerReason", "reason"];
    private static readonly string[] Known = [Endorsement.Basic, Endorsement.CryptoCustody, Endorsement.Usd];

    public override bool HandleNull => true;

    public override IReadOnlyList<Endorsement> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw new JsonException("A list of endorsements was expected.");
        }

        List<Endorsement> endorsements = [.. document.RootElement.EnumerateArray().Select(ReadOne)];
        return endorsements.GroupBy(each => Word.Fold(each.Name)).All(same => same.Select(each => each.Status).Distinct().Count() == 1)
            ? endorsements
            : throw new JsonException("An endorsement has two states.");
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<Endorsement> value, JsonSerializerOptions options)
        => throw new NotSupportedException("Endorsements are asked for by name; their states are only read.");

    private static Endorsement ReadOne(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            return new Endorsement
            {
                Name = Name(element.GetString()),
                Status = EndorsementStatus.Active,
                StatusText = Text(EndorsementStatus.Active),
            };
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("An endorsement is an object or a string.");
        }

        var written = Member(element, "status") is { ValueKind: JsonValueKind.String } state && Word.IsOne(state.GetString())
            ? state.GetString()
            : throw new JsonException("An endorsement has a state.");
        var status = WireNames<EndorsementStatus>.Parse(written);
        var requirements = Member(element, "requirements");
        return new Endorsement
        {
            Name = Name(Text(element, NameMembers)),
            Status = status,
            StatusText = status == EndorsementStatus.Unknown ? written : Text(status),
            Missing = Texts(requirements, "missing"),
            Issues = Texts(requirements, "issues"),
            RejectionReasons = Texts(element, "rejectionReasons"),
        };
    }

    private static string Name(string? name)
        => Word.IsOne(name) ? Known.FirstOrDefault(known => Word.Same(known, name)) ?? name!
            : throw new JsonException("An endorsement has a name.");

    /// <summary>The documented spelling of a state.</summary>
    private static string Text(EndorsementStatus status)
        => status == EndorsementStatus.RevokedIssues ? "REVOKED_ISSUES" : status.ToString().ToUpperInvariant();

    private static List<string> Texts(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.Array } texts
        ? [.. texts.EnumerateArray().Select(Item).OfType<string>().Take(MostTexts).Select(Short)]
        : [];

    private static string Short(string text) => text.Length <= LongestText ? text : $"{text[..(LongestText - 1)]}…";

    private static string? Item(JsonElement value)
        => value.ValueKind == JsonValueKind.String ? value.GetString() : Text(value, ReasonMembers);

    private static string? Text(JsonElement element, string[] members)
        => members.Select(name => Member(element, name)).Where(member => member.ValueKind == JsonValueKind.String)
            .Select(member => member.GetString()).FirstOrDefault();

    private static JsonElement Member(JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : default;
}
