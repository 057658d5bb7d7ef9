using System.Text.Json.Nodes;
using OmsWorkflows.Local.AppHost.Demo;
using OmsWorkflows.Local.AppHost.Services;

namespace OmsWorkflows.EndToEnd;

/// <summary>Azurite, the sandbox and the app as processes, for the tests of one class.</summary>
public abstract class LocalMachine : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private Machine? _machine;

    internal Machine Machine => _machine ?? throw new InvalidOperationException("The machine has not started.");

    internal AppApi App { get; private set; } = null!;

    internal Till Till { get; private set; } = null!;

    internal SandboxControl Sandbox { get; private set; } = null!;

    internal virtual MachineSettings Settings => new();

    public async ValueTask InitializeAsync()
    {
        using var limit = new CancellationTokenSource(StartLimit);
        _machine = await Machine.StartAsync(Settings, _ => { }, limit.Token);
        App = new AppApi(_machine.App);
        Till = new Till(_machine.Sandbox, _machine.Key, _machine.ApiVersion);
        Sandbox = new SandboxControl(_machine);
    }

    public async ValueTask DisposeAsync()
    {
        App?.Dispose();
        Till?.Dispose();
        Sandbox?.Dispose();
        if (_machine is not null)
            await _machine.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts a cash-in of a new applicant; returns its id.</summary>
    internal async Task<string> StartCashInAsync(string? externalId = null)
    {
        var started = await App.StartCashInAsync(
            Story.CashIn(externalId ?? $"user-{Guid.NewGuid():N}"), $"e2e-{Guid.NewGuid():N}", default);
        return started["id"]!.GetValue<string>();
    }

    /// <summary>Reads a journey until it is as wanted; fails with its last document when that does not happen.</summary>
    /// <param name="path">Where it is below <c>/api</c>; the id alone is a cash-in's.</param>
    /// <param name="wanted">Whether it is as wanted.</param>
    internal async Task<JsonObject> UntilAsync(string path, Func<JsonObject, bool> wanted)
    {
        using var limit = new CancellationTokenSource(WaitLimit);
        using var timer = new PeriodicTimer(Look);
        JsonObject? document = null;
        try
        {
            do
            {
                document = path.Contains('/', StringComparison.Ordinal)
                    ? await App.GetAsync(path, limit.Token)
                    : await App.GetCashInAsync(path, limit.Token);
                if (wanted(document))
                    return document;
            }
            while (await timer.WaitForNextTickAsync(limit.Token));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // Told below, with what was there instead.
        }
        throw new TimeoutException($"Not as wanted after {WaitLimit.TotalSeconds} s: {document?.ToJsonString()}");
    }

    internal Task<JsonObject> UntilPhaseAsync(string id, string phase) => UntilAsync(id, document => Phase(document) == phase);

    /// <summary>Pays with the code that is valid now.</summary>
    internal async Task PayAsync(string id, decimal amount)
    {
        var document = await UntilPhaseAsync(id, "AwaitingDeposit");
        (await Till.PayAsync(Code(document), amount, default)).Should().Be("00");
    }

    internal static string Phase(JsonObject document) => document["phase"]!.GetValue<string>();

    internal static string Code(JsonObject document) => document["deposit"]!["code"]!.GetValue<string>();

    internal static int Round(JsonObject document) => document["deposit"]?["round"]?.GetValue<int>() ?? 0;

    /// <summary>120 USD less 1.5 % and 0.50 (docs/oms-api.md 7.2).</summary>
    internal static void ShouldBeBooked(JsonObject document)
    {
        Phase(document).Should().Be("Completed");
        var settlement = document["settlement"]!;
        Money(settlement, "gross").Should().Be(120.00m);
        Money(settlement, "fees").Should().Be(2.30m);
        Money(settlement, "net").Should().Be(117.70m);
        settlement["transactionId"]!.GetValue<string>().Should().StartWith("txn_");
        document["ended"]!.GetValue<bool>().Should().BeTrue();
    }

    private static decimal Money(JsonNode settlement, string member)
        => decimal.Parse(settlement[member]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);
}
