using System.Text.Json.Nodes;

namespace OmsWorkflows.Soak.Faults;

/// <summary>Every fault the sandbox has, each with the same likelihood and dice of its own.</summary>
internal static class FaultScript
{
    public static JsonArray Make(SoakOptions options)
    {
        var random = new Random(options.Seed + 1);
        return
        [
            .. Kinds(options.Pace).Select(fault =>
            {
                fault["probability"] = options.FaultPercent / 100;
                fault["seed"] = random.Next();
                return (JsonNode)fault;
            }),
        ];
    }

    private static IEnumerable<JsonObject> Kinds(SoakPace pace)
    {
        yield return new() { ["fault"] = "status", ["status"] = 500 };
        yield return new() { ["fault"] = "status", ["status"] = 503 };
        yield return new() { ["fault"] = "status", ["status"] = 429, ["retryAfter"] = 1 };
        yield return new() { ["fault"] = "status", ["status"] = 500, ["after"] = true };
        yield return new() { ["fault"] = "cutBefore" };
        yield return new() { ["fault"] = "cutAfter" };
        yield return new() { ["fault"] = "slowAnswer", ["delay"] = Seconds(pace.SlowAnswer) };
        yield return new() { ["fault"] = "drop" };
        yield return new() { ["fault"] = "duplicate", ["copies"] = 2, ["delay"] = 1 };
        yield return new() { ["fault"] = "reorder", ["delay"] = Seconds(pace.LateWebhook) };
        yield return new() { ["fault"] = "delay", ["delay"] = Seconds(pace.LateWebhook) };
        yield return new() { ["fault"] = "badSignature" };
        yield return new() { ["fault"] = "loseAnswer" };
        yield return new() { ["fault"] = "failTill" };
        yield return new() { ["fault"] = "failConversion" };
        yield return new() { ["fault"] = "slowConversion", ["delay"] = Seconds(pace.SlowConversion) };
    }

    private static double Seconds(TimeSpan span) => span.TotalSeconds;
}
