using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OmsWorkflows.Local.ApiDocument;

/// <summary>The API as an OpenAPI 3.1 document, made from the code: its functions, the records they read and answer, their validators, their problems.</summary>
internal static class Document
{
    private const string About =
        """
        Durable payment workflows over Polygon's Open Money Stack: onboarding, cash-ins, payouts.

        Starts need an `Idempotency-Key`: the same key with the same body answers the same resource, with another body 409. Amounts are decimal
        text, times are UTC in ISO 8601, ids are opaque. A request that cannot be served gets a problem (RFC 9457) that says what to do.

        Where money moves callers also sign in with Entra ID, and have a role: `Caller` starts, reads, refreshes, cancels and confirms, `Operator`
        decides about money, dead letters and webhooks. Idempotency keys of different callers are different keys. A function key alone is for development.
        """;

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Makes the document.</summary>
    public static string Create()
    {
        var schemas = new Schemas();
        var paths = new JsonObject();
        foreach (var function in Functions.All)
        {
            if (paths[function.Path] is not JsonObject path)
                paths[function.Path] = path = [];
            path[function.Method] = OperationNode.Of(function, OperationTable.Of(function.Name), schemas);
        }

        var document = new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "OMS Workflows",
                ["version"] = "1.0",
                ["description"] = About,
                ["license"] = new JsonObject { ["name"] = "MIT", ["identifier"] = "MIT" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/", ["description"] = "The app that serves this document" }),
            ["security"] = new JsonArray(new JsonObject { [OperationNode.KeyScheme] = new JsonArray(), [OperationNode.TokenScheme] = new JsonArray() }, new JsonObject { [OperationNode.KeyScheme] = new JsonArray() }),
            ["tags"] = new JsonArray([.. OperationTable.Tags.Select(tag => new JsonObject { ["name"] = tag.Name, ["description"] = tag.Description })]),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    [OperationNode.KeyScheme] = new JsonObject
                    {
                        ["type"] = "apiKey",
                        ["in"] = "header",
                        ["name"] = "x-functions-key",
                        ["description"] = "A function key of the app. Alone it is for development.",
                    },
                    [OperationNode.TokenScheme] = new JsonObject
                    {
                        ["type"] = "http",
                        ["scheme"] = "bearer",
                        ["bearerFormat"] = "JWT",
                        ["description"] = "A token of Entra ID for this app, with one of its roles. The platform in front of the app checks it.",
                    },
                },
                ["responses"] = OperationNode.ProblemResponses(),
                ["schemas"] = schemas.ToNode(),
            },
        };
        return document.ToJsonString(Readable) + "\n";
    }
}
