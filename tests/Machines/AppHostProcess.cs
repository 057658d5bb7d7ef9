using System.Text.Json;
using OmsWorkflows.Local.AppHost;
using OmsWorkflows.Machines.Processes;

namespace OmsWorkflows.Machines;

/// <summary>The AppHost as a person starts it: a process of its own that starts all the others.</summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    /// <summary>In the environment of everything that is started from here on, whoever starts it.</summary>
    public const string MarkName = "OMS_WORKFLOWS_MARK";

    private readonly OrphanGuard _guard;
    private readonly ChildProcess _process;
    private readonly string _folder;

    private AppHostProcess(OrphanGuard guard, ChildProcess process, string folder, string mark)
    {
        _guard = guard;
        _process = process;
        _folder = folder;
        Mark = mark;
    }

    /// <summary>The value of <see cref="MarkName"/>.</summary>
    public string Mark { get; }

    public int Id => _process.Id;

    public Task<int> Exited => _process.Exited;

    /// <summary>Starts it with <c>--json</c>.</summary>
    public static AppHostProcess Start(IReadOnlyDictionary<string, string> environment, params string[] arguments)
        => StartCommand(environment, [Programs.Dotnet, Programs.AppHost, "--json", .. arguments]);

    /// <summary>Starts it by <c>dotnet run</c>, as the leader of a process group of its own, as a terminal does.</summary>
    public static AppHostProcess StartByDotnetRun(params string[] arguments)
    {
        var configuration = new FileInfo(Programs.AppHost).Directory!.Parent!.Name;
        string[] run = ["run", "--no-build", "-c", configuration, "--project", Path.Combine(Programs.Repository, "local", "AppHost")];
        return StartCommand(new Dictionary<string, string>(), ["setsid", Programs.Dotnet, .. run, "--", "--json", .. arguments]);
    }

    private static AppHostProcess StartCommand(IReadOnlyDictionary<string, string> environment, string[] command)
    {
        var folder = Directory.CreateTempSubdirectory("oms-workflows-apphost-").FullName;
        var mark = $"{Guid.NewGuid():N}";
        var guard = OrphanGuard.Start();
        var process = ChildProcess.Start(
            "The AppHost",
            command,
            new Dictionary<string, string>(environment) { [MarkName] = mark },
            Path.Combine(folder, "apphost.log"),
            guard);
        return new AppHostProcess(guard, process, folder, mark);
    }

    /// <summary>Waits until it says where everything is.</summary>
    public Task<RunningSystem> RunningAsync(CancellationToken cancellationToken) => SaidAsync<RunningSystem>("running", cancellationToken);

    /// <summary>Waits for one of its events.</summary>
    public async Task<T> SaidAsync<T>(string kind, CancellationToken cancellationToken)
    {
        var mark = $"\"event\":\"{kind}\"";
        var line = await _process.WaitForAsync(
            line => line.Contains(mark, StringComparison.Ordinal), mark, Limits.Wait, cancellationToken);
        return JsonSerializer.Deserialize<T>(line, JsonSerializerOptions.Web)
            ?? throw new InvalidOperationException($"It said nothing: {line}");
    }

    /// <summary>Ends it at once, and nothing else.</summary>
    public Task KillAsync() => _process.KillAsync(withChildren: false);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _guard.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>Where everything is, as the AppHost says it.</summary>
internal sealed record RunningSystem(string App, string FunctionKey, string Console, string Sandbox, string Logs)
{
    /// <summary>The dashboard with what signs in there.</summary>
    public string? Dashboard { get; init; }
}
