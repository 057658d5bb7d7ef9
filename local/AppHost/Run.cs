using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Local.AppHost.Calls;

namespace OmsWorkflows.Local.AppHost;

/// <summary>One run of the system: what was asked for, a folder that goes when it does, and keys made for it.</summary>
internal sealed class Run : IDisposable
{
    private const string Loopback = "http://localhost";

    private Run(RunOptions options, string folder, AppKeys keys)
    {
        Options = options;
        Folder = folder;
        Keys = keys;
    }

    public RunOptions Options { get; }

    /// <summary>Logs, database, keys and secrets of this run.</summary>
    public string Folder { get; }

    /// <summary>Keys of the app.</summary>
    public AppKeys Keys { get; }

    /// <summary>The key of the sandbox.</summary>
    public SandboxKey Key { get; } = SandboxKey.New();

    /// <summary>What notifications are signed with.</summary>
    public string NotificationSecret { get; } = $"whsec_{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";

    /// <summary>Where the dashboard is, with what signs in there.</summary>
    public Uri Dashboard { get; private set; } = new(Loopback);

    /// <summary>Keeps the folder, for whoever looks for a fault.</summary>
    public bool KeepFolder { get; set; }

    /// <summary>The version of OMS's API that the sandbox plays and the app calls.</summary>
    public string ApiVersion { get; } = Environment.GetEnvironmentVariable("Oms__ApiVersion") ?? "v0.9";

    /// <summary>Nobody has the time to look at it in a run that ends by itself.</summary>
    public bool HasDashboard => !Options.Once;

    /// <summary>The hour of a deposit code is shortened in the sandbox, never in the app.</summary>
    public string CodeLifetime
        => TimeSpan.FromSeconds(Options.CodeLifetimeSeconds ?? (Options.Once ? 10 : 30)).ToString("c", CultureInfo.InvariantCulture);

    public static Run Prepare(RunOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("oms-workflows-").FullName;
        return new Run(options, folder, AppKeys.WriteTo(Path.Combine(folder, "keys.json")));
    }

    /// <summary>An empty model of the system, with the dashboard on a free port.</summary>
    public IDistributedApplicationBuilder CreateBuilder()
    {
        var token = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var port = FreePort.Find();
        Dashboard = new Uri($"{Loopback}:{port}/login?t={token}");
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args =
            [
                $"--ASPNETCORE_URLS={Loopback}:{port}",
                $"--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL={Loopback}:{FreePort.Find()}",
                $"--ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN={token}",
                "--ASPIRE_ALLOW_UNSECURED_TRANSPORT=true",
                "--ASPIRE_VERSION_CHECK_DISABLED=true",
                // Whoever sees this program end may be sure that the others have.
                "--DcpPublisher:WaitForResourceCleanup=true",
                // It ends when that process is gone.
                .. Starter.DotnetRun is { } starter ? (string[])[$"--ASPIRE_CLI_PID={starter}"] : [],
            ],
            AllowUnsecuredTransport = true,
            DashboardApplicationName = "OMS Workflows",
            DisableDashboard = !HasDashboard,
        });
        // The console belongs to the cash-in.
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.Services.AddSingleton(this);
        builder.Services.AddHostedService<LogFiles>();
        return builder;
    }

    public void Dispose()
    {
        if (!KeepFolder)
            Directory.Delete(Folder, recursive: true);
    }
}
