using OmsWorkflows.Local.AppHost.Processes;

namespace OmsWorkflows.Local.AppHost.Services;

/// <summary>The OMS sandbox in a process of its own.</summary>
internal sealed class SandboxService : IAsyncDisposable
{
    private readonly ChildProcess process;

    private SandboxService(ChildProcess process, string url)
    {
        this.process = process;
        Url = url;
    }

    /// <summary>Its address, without the version.</summary>
    public string Url { get; }

    public Task<int> Exited => process.Exited;

    /// <param name="folder">Where its log goes.</param>
    /// <param name="key">The API key it takes.</param>
    /// <param name="settings">More settings, such as <c>Sandbox:CodeLifetime</c>.</param>
    /// <param name="guard">Ends it if this process cannot.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    public static async Task<SandboxService> StartAsync(
        string folder, SandboxKey key, IReadOnlyDictionary<string, string> settings, OrphanGuard guard, CancellationToken cancellationToken)
    {
        var environment = settings.Append(new("Sandbox:ApiKey", key.ApiKey)).Append(new("Sandbox:ApiSecret", key.ApiSecret))
            .ToDictionary(s => s.Key.Replace(":", "__", StringComparison.Ordinal), s => s.Value);
        var process = ChildProcess.Start(
            "OMS sandbox", [Programs.Dotnet, Programs.Sandbox, "--urls", "http://127.0.0.1:0"], environment, Path.Combine(folder, "sandbox.log"), guard);
        try
        {
            var url = await process.WaitForAsync("Now listening on: ", TimeSpan.FromSeconds(60), cancellationToken).ConfigureAwait(false);
            return new SandboxService(process, url);
        }
        catch
        {
            await process.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}

/// <summary>An API key of the sandbox; made for one run.</summary>
internal sealed record SandboxKey(string ApiKey, string ApiSecret)
{
    public static SandboxKey New() => new($"sk_sdbx_{Guid.NewGuid():N}", $"{Guid.NewGuid():N}");
}
