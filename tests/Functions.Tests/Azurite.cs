using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using OmsWorkflows.Functions.Tests;
using OmsWorkflows.Storage;

[assembly: AssemblyFixture(typeof(Azurite))]

namespace OmsWorkflows.Functions.Tests;

/// <summary>
/// The table and blob services of Azurite on free ports, in memory, one for all tests. Each test takes tables and containers of its own.
/// </summary>
public sealed partial class Azurite : IAsyncLifetime
{
    private static readonly TimeSpan FillLimit = TimeSpan.FromMinutes(10);

    private static int Prefixes;

    private readonly string? _rows;
    private Process? _process;

    public Azurite()
    {
    }

    /// <summary>One that begins with the rows of a file (<c>Scale/filled-azurite.js</c>).</summary>
    internal Azurite(string rows) => _rows = rows;

    public string ConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));
        var azurite = Path.Combine(root, "node_modules", "azurite", "dist", "src");
        string[] script = _rows is null
            ? [Path.Combine(azurite, "azurite.js")]
            : ["--max-old-space-size=8192", Path.Combine(root, "tests", "Functions.Tests", "Scale", "filled-azurite.js"), _rows, azurite];
        string[] arguments =
        [
            .. script, "--inMemoryPersistence", "--blobPort", "0", "--queuePort", "0", "--tablePort", "0", "--skipApiVersionCheck",
            "--disableTelemetry", "--silent",
        ];
        var start = new ProcessStartInfo("node", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = root,
        };
        _process = Process.Start(start)!;
        _process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(_rows is null ? Limits.Wait : FillLimit);
        var endpoints = new Dictionary<string, string>();
        while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (ListensAt().Match(line) is not { Success: true } match)
                continue;
            endpoints[match.Groups["service"].Value] = match.Groups["url"].Value;
            if (endpoints.Count < 2)
                continue;
            ConnectionString = "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
                + "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
                + $"TableEndpoint={endpoints["Table"]}/devstoreaccount1;BlobEndpoint={endpoints["Blob"]}/devstoreaccount1;";
            // Read on, or Azurite would block on a full pipe.
            _ = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            return;
        }

        throw new InvalidOperationException("Azurite ended before it listened.");
    }

    /// <summary>A fresh prefix: names of tables nobody else has.</summary>
    public static string NewPrefix() => $"T{Environment.ProcessId}n{Interlocked.Increment(ref Prefixes)}";

    /// <summary>Fresh, empty tables, maybe reached over a transport of the test's own.</summary>
    public async Task<AppTables> TablesAsync(HttpPipelineTransport? transport = null)
    {
        var prefix = NewPrefix();
        await new AppTables(new TableServiceClient(ConnectionString), prefix).CreateAsync(CancellationToken.None);
        return Tables(prefix, transport);
    }

    /// <summary>Tables that may not exist.</summary>
    public AppTables Tables(string prefix, HttpPipelineTransport? transport = null)
    {
        var options = new TableClientOptions { Retry = { MaxRetries = 0 } };
        if (transport is not null)
            options.Transport = transport;
        return new AppTables(new TableServiceClient(ConnectionString, options), prefix);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null)
            return;
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"(?<service>Table|Blob) service is successfully listening at (?<url>http://[\d.:]+)")]
    private static partial Regex ListensAt();
}
