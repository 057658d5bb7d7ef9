using System.Globalization;
using System.Text.Json.Nodes;

namespace OmsWorkflows.Local.AppHost.Demo;

/// <summary>One JSON object per line.</summary>
internal sealed class JsonView(TextWriter output, TimeProvider clock) : IDemoView
{
    public void Progress(string text) => Write("progress", new JsonObject { ["text"] = text });

    public async Task<bool> ShowAsync(Func<Action<DemoEvent>, Task<bool>> run)
    {
        var completed = await run(seen => Write(seen.Kind, seen.Data));
        Write("end", new JsonObject { ["completed"] = completed });
        return completed;
    }

    public void TryByHand(Places places) => Write("running", new JsonObject
    {
        ["dashboard"] = places.Dashboard?.ToString(),
        ["console"] = places.Console,
        ["app"] = places.App,
        ["functionKey"] = places.Keys.Function,
        ["masterKey"] = places.Keys.Master,
        ["sandbox"] = places.Sandbox,
        ["sandboxApiKey"] = places.Key.ApiKey,
        ["sandboxApiSecret"] = places.Key.ApiSecret,
        ["logs"] = places.Logs,
    });

    public void Failed(string message, IReadOnlyList<string> lastLines, string? logs) => Write("error", new JsonObject
    {
        ["message"] = message,
        ["lastLines"] = new JsonArray([.. lastLines.Select(line => JsonValue.Create(line))]),
        ["logs"] = logs,
    });

    private void Write(string kind, JsonObject data)
    {
        var line = new JsonObject { ["at"] = clock.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture), ["event"] = kind };
        foreach (var (name, value) in data)
            line[name] = value?.DeepClone();
        lock (output)
            output.WriteLine(line.ToJsonString());
    }
}
