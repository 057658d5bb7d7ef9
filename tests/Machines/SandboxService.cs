using OmsWorkflows.Local.AppHost;
using OmsWorkflows.Local.AppHost.Calls;
using OmsWorkflows.Machines.Processes;

namespace OmsWorkflows.Machines;

/// <summary>The OMS sandbox in a process of its own.</summary>
internal sealed class SandboxService : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private SandboxService(ChildProcess process, string url)
    {
        _process = process;
        Url = url;
    }

    /// <summary>Its address, without the version.</summary>
    public string Url { get; }

    /// <param name="folder">Where its log goes.</param>
    /// <param name="key">The API key it takes.</param>
    /// <param name="settings">More settings, such as <c>Sandbox:CodeLifetime</c>.</param>
    /// <param name="guard">Ends it if this process cannot.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    public static async Task<SandboxService> StartAsync(
        string folder, SandboxKey key, IReadOnlyDictionary<string, string> settings, OrphanGuard guard, CancellationToken cancellationToken)
    {
        var environment = settings
            .Append(new("Sandbox:ApiKey", key.ApiKey))
            .Append(new("Sandbox:ApiSecret", key.ApiSecret))
            .ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value);
        string[] command = [Programs.Dotnet, Programs.Sandbox, "--urls", "http://127.0.0.1:0"];
        var process = ChildProcess.Start("The OMS sandbox", command, environment, Path.Combine(folder, "sandbox.log"), guard);
        try
        {
            return new SandboxService(process, await process.WaitForAsync("Now listening on: ", Limits.Wait, cancellationToken));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
