using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OmsWorkflows.Access;
using OmsWorkflows.Actions;
using OmsWorkflows.Http;

namespace OmsWorkflows.Local.ApiDocument;

/// <summary>Writes one function as an OpenAPI operation.</summary>
internal static partial class OperationNode
{
    public const string KeyScheme = "functionKey";
    public const string TokenScheme = "signIn";

    private static readonly Dictionary<int, string> Meanings = new()
    {
        [400] = "The request is wrong; `errors` names the fields.",
        [401] = "The key is missing or wrong, or nobody is signed in.",
        [403] = "The role for this is missing, or the caller named is one that nobody vouches for.",
        [404] = "There is no such thing.",
        [409] = "The request contradicts what is.",
        [413] = "The body is too large.",
        [415] = "The body is not JSON.",
        [422] = "OMS refused.",
        [502] = "OMS did not do its part.",
        [503] = "The app is too busy, or something it needs does not answer. Nothing was lost: repeat the request after the seconds in "
            + "Retry-After, with the same Idempotency-Key.",
    };

    public static JsonObject Of(HttpFunction function, Operation operation, Schemas schemas)
    {
        schemas.Named("Problem", Problem);
        var node = new JsonObject
        {
            ["tags"] = new JsonArray(operation.Tag),
            ["operationId"] = char.ToLowerInvariant(function.Name[0]) + function.Name[1..],
            ["summary"] = Summary(function.Name),
        };
        node["description"] = Describe(function);
        if (!function.NeedsKey)
            node["security"] = new JsonArray();
        else
            node["x-roles"] = new JsonArray([.. RolesOf(function.Name).Select(role => JsonValue.Create(role))]);

        var parameters = new JsonArray([.. PathParameters(function), .. operation.Query.Select(parameter => Query(parameter, schemas))]);
        if (operation.NeedsIdempotencyKey is { } required)
            parameters.Add(IdempotencyKey(required));
        if (parameters.Count > 0)
            node["parameters"] = parameters;
        if (operation.Body is { } body)
        {
            var content = Content("application/json", schemas.OfBody(body.Type, body.Validator, body.Name));
            content["application/json"]!["example"] = body.Example.DeepClone();
            node["requestBody"] = new JsonObject { ["required"] = true, ["content"] = content };
        }

        node["responses"] = Responses(function, operation, schemas);
        return node;
    }

    /// <summary>One answer per status that problems have.</summary>
    public static JsonObject ProblemResponses()
        => [.. Meanings.Select(meaning
            => KeyValuePair.Create<string, JsonNode?>($"Problem{meaning.Key}", ProblemResponse(meaning.Key, meaning.Value)))];

    private static JsonObject ProblemResponse(int status, string meaning)
    {
        var problem = new JsonObject { ["description"] = meaning + TypesOf(status) };
        if (status == 503)
        {
            problem["headers"] = new JsonObject
            {
                ["Retry-After"] = new JsonObject
                {
                    ["description"] = "Seconds until it is worth another try.",
                    ["schema"] = new JsonObject { ["type"] = "integer", ["format"] = "int32" },
                },
            };
        }

        problem["content"] = Content("application/problem+json", new JsonObject { ["$ref"] = "#/components/schemas/Problem" });
        return problem;
    }

    /// <summary>What the code says of it, and who may call it.</summary>
    private static string Describe(HttpFunction function)
    {
        var roles = function.NeedsKey ? $"Role: {string.Join(" or ", RolesOf(function.Name).Select(role => $"`{role}`"))}." : "For anyone.";
        return XmlDocs.Of(function.Code) is { Length: > 0 } description ? $"{description} {roles}" : roles;
    }

    private static IEnumerable<string> RolesOf(string function)
        => new[] { Callers.Caller, Callers.Operator }
            .Where(role => AccessTable.Rules.Of(function) is { } allowed && allowed.HasFlag(role))
            .Select(role => $"{role}");

    private static string Summary(string name)
    {
        var words = Words().Replace(name, " $1").ToLowerInvariant().Replace("cash in", "cash-in", StringComparison.Ordinal);
        return char.ToUpperInvariant(words[0]) + words[1..];
    }

    private static string TypesOf(int status)
    {
        var types = ProblemTypes.All.Where(problem => problem.Status == status).Select(problem => $"`{problem.Type}`").ToList();
        return types.Count == 0 ? "" : $" Types: {string.Join(", ", types)}.";
    }

    private static JsonObject Responses(HttpFunction function, Operation operation, Schemas schemas)
    {
        var answer = new JsonObject { ["description"] = operation.Answer.Description };
        if (operation.Answer.Schema is { } schema)
            answer["content"] = Content("application/json", schema(schemas));
        if (operation is { Answer.Status: 202, NeedsIdempotencyKey: true })
        {
            answer["headers"] = new JsonObject
            {
                ["Location"] = new JsonObject
                {
                    ["description"] = "Where to read the journey.",
                    ["schema"] = new JsonObject { ["type"] = "string" },
                },
            };
        }

        var responses = new JsonObject { [$"{operation.Answer.Status}"] = answer };
        if (operation.Pending)
            AddPending(responses, schemas);
        var answersAnybody = !function.NeedsKey && operation.Body is null && function.Method == "get";
        IEnumerable<int> always = answersAnybody ? [] : [401, 403, 503];
        foreach (var status in operation.Problems.Concat(always).Order())
            responses[$"{status}"] = new JsonObject { ["$ref"] = $"#/components/responses/Problem{status}" };
        return responses;
    }

    /// <summary>Where two people decide, the first is answered what waits for the second.</summary>
    private static void AddPending(JsonObject responses, Schemas schemas)
    {
        const string waits = "Where it takes two people: it waits for the same request from somebody else.";
        var pending = schemas.Of(typeof(PendingDecision));
        if (responses["202"] is not JsonObject answer)
        {
            responses["202"] = new JsonObject { ["description"] = waits, ["content"] = Content("application/json", pending) };
            return;
        }

        answer["description"] = $"{answer["description"]} {waits}";
        var schema = answer["content"]!["application/json"]!.AsObject();
        schema["schema"] = new JsonObject { ["anyOf"] = new JsonArray(schema["schema"]!.DeepClone(), pending) };
    }

    private static IEnumerable<JsonObject> PathParameters(HttpFunction function)
        => InBraces().Matches(function.Path).Select(match => new JsonObject
        {
            ["name"] = match.Groups[1].Value,
            ["in"] = "path",
            ["required"] = true,
            ["schema"] = new JsonObject { ["type"] = "string" },
        });

    private static JsonObject Query(Parameter parameter, Schemas schemas)
    {
        var schema = schemas.Of(parameter.Type);
        if (parameter.Pattern is { } pattern)
            schema["pattern"] = pattern;
        if (parameter.Maximum is { } maximum)
        {
            schema["minimum"] = 1;
            schema["maximum"] = maximum;
        }

        var node = new JsonObject { ["name"] = parameter.Name, ["in"] = "query", ["description"] = parameter.Description };
        if (parameter.Required)
            node["required"] = true;
        node["schema"] = schema;
        return node;
    }

    private static JsonObject IdempotencyKey(bool required) => new()
    {
        ["name"] = Http.IdempotencyKey.HeaderName,
        ["in"] = "header",
        ["description"] = required
            ? "New for each thing that is to happen once; the same again to repeat a request safely."
            : "Makes a repeated command one command.",
        ["required"] = required,
        ["schema"] = new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = 255, ["pattern"] = "^[ -~]+$" },
    };

    private static JsonObject Problem() => new()
    {
        ["type"] = "object",
        ["description"] = "Why a request was not served (RFC 9457). Never repeats what was sent.",
        ["properties"] = new JsonObject
        {
            ["type"] = new JsonObject
            {
                ["type"] = "string",
                ["description"] = "Stable, for machines.",
                ["examples"] = new JsonArray([.. ProblemTypes.All.Select(problem => JsonValue.Create(ProblemTypes.Prefix + problem.Type))]),
            },
            ["title"] = new JsonObject { ["type"] = "string", ["description"] = "What is wrong." },
            ["status"] = new JsonObject { ["type"] = "integer", ["format"] = "int32" },
            ["detail"] = new JsonObject { ["type"] = "string", ["description"] = "What to do." },
            ["errors"] = new JsonObject
            {
                ["type"] = "object",
                ["description"] = "What is wrong with each field, by its path in the request.",
                ["additionalProperties"] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } },
            },
        },
        ["required"] = new JsonArray("type", "title", "status"),
    };

    private static JsonObject Content(string mediaType, JsonObject schema)
        => new() { [mediaType] = new JsonObject { ["schema"] = schema } };

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex InBraces();

    [GeneratedRegex("(?<!^)([A-Z])")]
    private static partial Regex Words();
}
