using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using OmsWorkflows.Local.AppHost.Services;

namespace OmsWorkflows.EndToEnd;

/// <summary>
/// Over real processes: the receiver is killed for a while, the app is killed in between, and the receiver has missed nothing and has it in
/// order.
/// </summary>
public sealed class NotificationTests(NotificationTests.Ground ground) : IClassFixture<NotificationTests.Ground>
{
    private static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private static readonly string[] FromCodeToBooking =
        ["cashIn.customerCreated", "cashIn.codeIssued", "cashIn.cashTaken", "cashIn.completed"];

    public sealed class Ground : LocalMachine
    {
        internal ReceiverProcess Receiver { get; } = new();

        internal override MachineSettings Settings => new()
        {
            App = new Dictionary<string, string>
            {
                ["Notifications:Endpoints:team"] = Receiver.Url,
                ["Notifications:CurrentSecret"] = Receiver.Secret,
            },
        };
    }

    [Fact]
    public async Task A_receiver_that_was_down_and_an_app_that_was_killed_miss_nothing()
    {
        using var receiver = ground.Receiver;
        receiver.Start();
        var first = await ground.StartCashInAsync();
        await ground.PayAsync(first, 120m);
        await ground.UntilPhaseAsync(first, "Completed");
        await UntilToldAsync(first);

        receiver.Kill();
        var second = await ground.StartCashInAsync();
        await ground.UntilPhaseAsync(second, "AwaitingDeposit");
        await RestartAppAsync();
        await ground.PayAsync(second, 120m);
        LocalMachine.ShouldBeBooked(await ground.UntilPhaseAsync(second, "Completed"));
        await RestartAppAsync();
        receiver.Start();
        await UntilToldAsync(second);

        foreach (var journey in (string[])[first, second])
        {
            var told = receiver.Told(journey);
            told.Select(notification => notification["type"]!.GetValue<string>()).Should().Equal(FromCodeToBooking);
            told.Select(notification => notification["sequence"]!.GetValue<long>()).Should().Equal(1, 2, 3, 4);
        }

        var last = receiver.Told(second)[^1]["data"]!.AsObject();
        JsonNode.DeepEquals(last, await ground.App.GetCashInAsync(second, default)).Should().BeTrue("the data is the status document");
    }

    [Fact]
    public async Task A_span_is_replayed_to_a_receiver_that_forgot_it()
    {
        using var receiver = ground.Receiver;
        receiver.Start();
        var journey = await ground.StartCashInAsync();
        await ground.PayAsync(journey, 120m);
        await UntilToldAsync(journey);
        receiver.Kill();
        receiver.Forget();
        receiver.Start();

        using var replayed = await ground.App.Http.PostAsync("/api/operations/notifications/replay?from=2020-01-01", null);
        replayed.StatusCode.Should().Be(HttpStatusCode.Accepted);
        await UntilToldAsync(journey);

        receiver.Told(journey).Select(notification => notification["type"]!.GetValue<string>()).Should().Equal(FromCodeToBooking);
    }

    private async Task RestartAppAsync()
    {
        await ground.Machine.App.KillAsync();
        await ground.Machine.App.StartAsync(default);
        await ground.App.WaitUntilReadyAsync(default);
    }

    private async Task UntilToldAsync(string journey)
    {
        using var limit = new CancellationTokenSource(WaitLimit);
        using var timer = new PeriodicTimer(Look);
        while (ground.Receiver.Told(journey).Count < FromCodeToBooking.Length)
        {
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"Told of {journey}: {ground.Receiver.Told(journey).Count} of {FromCodeToBooking.Length}.");
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}

/// <summary>The sample receiver as a process of its own; what it was told outlives it.</summary>
internal sealed class ReceiverProcess : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"told-{Guid.NewGuid():N}.jsonl");
    private readonly int _port = FreePort();
    private Process? _process;

    public string Secret { get; } = $"whsec_{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";

    public string Url => $"http://127.0.0.1:{_port}/told";

    public void Start()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            Environment =
            {
                ["Receiver__Secret"] = Secret,
                ["Receiver__File"] = _file,
            },
            ArgumentList = { ReceiverProgram, "--urls", $"http://127.0.0.1:{_port}" },
        };
        _process = Process.Start(start)!;
        while (_process.StandardOutput.ReadLine() is { } line && !line.StartsWith("Now listening", StringComparison.Ordinal))
        {
            // What it was told is read from its file.
        }

        _ = _process.StandardOutput.ReadToEndAsync();
    }

    public void Kill()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _process = null;
    }

    public void Forget() => File.Delete(_file);

    /// <summary>What it was told of a journey, in the order it came.</summary>
    public IReadOnlyList<JsonNode> Told(string journey)
    {
        if (!File.Exists(_file))
            return [];
        using var stream = new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();

        // The last line may be half written.
        return
        [
            .. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonNode.Parse(line)!["notification"]!)
                .Where(notification => notification["data"]!["id"]!.GetValue<string>() == journey),
        ];
    }

    public void Dispose() => Kill();

    /// <summary>Built beside the tests, with the same configuration.</summary>
    private static string ReceiverProgram
    {
        get
        {
            // tests/EndToEnd/bin/<configuration>/net10.0/
            var output = new DirectoryInfo(AppContext.BaseDirectory);
            var configuration = output.Parent!.Name;
            var root = output.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
            return Path.Combine(root, "local", "Receiver", "bin", configuration, output.Name, "OmsWorkflows.Local.Receiver.dll");
        }
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
