using System.Text.Json.Nodes;
using OmsWorkflows.Actions;
using OmsWorkflows.Journeys;

namespace OmsWorkflows.Local.ApiDocument;

/// <summary>The shapes of documents that no type of the app has: a journey with what its reader adds, and pages.</summary>
internal static class OperationSchemas
{
    public static JsonObject Journey(Schemas schemas) => schemas.Named("Journey", () =>
    {
        var journey = schemas.MembersOf(typeof(JourneyStatus));
        var properties = journey["properties"]!.AsObject();
        properties.Insert(0, "id", new JsonObject { ["type"] = "string", ["description"] = "The journey." });
        properties.Insert(
            1, "kind", new JsonObject { ["type"] = "string", ["description"] = "Its kind: `CashIn`, `Payout` or `Onboarding`." });
        properties.Insert(
            2,
            "receivedAt",
            new JsonObject { ["type"] = "string", ["format"] = "date-time", ["description"] = "When it was asked for." });
        properties["links"] = new JsonObject
        {
            ["type"] = "object",
            ["description"] = "Where to read it (`self`), and a path for each command that is possible now, by the command's name.",
            ["additionalProperties"] = new JsonObject { ["type"] = "string" },
        };
        properties["note"] = new JsonObject
        {
            ["type"] = "string",
            ["description"] = "What has to be known about the document that a command answers.",
        };
        properties["actions"] = List(schemas.Of(typeof(ActionRecord)));
        properties["actions"]!["description"] = "What people did to it, oldest first; in the document of one journey only.";
        properties["pending"] = schemas.Of(typeof(PendingDecision));
        properties["pending"]!["description"] = "A decision to resolve it that waits for a second person.";
        journey["description"] = "A journey: where it stands, what it waits for, until when, and what happens then. "
            + "What is not known yet is left out.";
        var required = journey["required"]!.AsArray();
        required.Insert(0, "id");
        required.Insert(1, "kind");
        required.Insert(2, "receivedAt");
        required.Add("links");
        return journey;
    });

    public static JsonObject Page(Schemas schemas, string name, JsonObject item) => schemas.Named(name, () =>
    {
        var page = Object(("data", List(item)));
        page["properties"]!["next"] = new JsonObject
        {
            ["type"] = "string",
            ["description"] = "Pass it back as `after` for the next page; left out on the last.",
        };
        return page;
    });

    public static JsonObject List(JsonObject item) => new() { ["type"] = "array", ["items"] = item };

    public static JsonObject Object(params (string Name, JsonObject Schema)[] members) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(members.Select(member => KeyValuePair.Create<string, JsonNode?>(member.Name, member.Schema))),
        ["required"] = new JsonArray([.. members.Select(member => JsonValue.Create(member.Name))]),
    };
}
