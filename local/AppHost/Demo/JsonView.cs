using System.Globalization;
using System.Text.Json.Nodes;
using OmsWorkflows.Local.AppHost.Services;

namespace OmsWorkflows.Local.AppHost.Demo;

/// <summary>One JSON object per line.</summary>
internal sealed class JsonView(TextWriter output, TimeProvider time) : IDemoView
{
    public void Progress(string text) => Write("progress", new JsonObject { ["text"] = text });

    public async Task<bool> ShowAsync(Func<Action<DemoEvent>, Task<bool>> run)
    {
        var completed = await run(seen => Write(seen.Kind, seen.Data)).ConfigureAwait(false);
        Write("end", new JsonObject { ["completed"] = completed });
        return completed;
    }

    public void TryByHand(Machine machine) => Write("running", new JsonObject
    {
        ["app"] = machine.App.Url,
        ["functionKey"] = machine.App.FunctionKey,
        ["masterKey"] = machine.App.MasterKey,
        ["sandbox"] = machine.Sandbox.Url,
        ["sandboxApiKey"] = machine.Key.ApiKey,
        ["sandboxApiSecret"] = machine.Key.ApiSecret,
        ["logs"] = machine.Folder,
    });

    public void Failed(string message, IReadOnlyList<string> lastLines, string? logs) => Write("error", new JsonObject
    {
        ["message"] = message,
        ["lastLines"] = new JsonArray([.. lastLines.Select(line => JsonValue.Create(line))]),
        ["logs"] = logs,
    });

    private void Write(string kind, JsonObject data)
    {
        var line = new JsonObject { ["at"] = time.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture), ["event"] = kind };
        foreach (var (name, value) in data) line[name] = value?.DeepClone();
        lock (output) output.WriteLine(line.ToJsonString());
    }
}
