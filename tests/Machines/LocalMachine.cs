using System.Net.Http.Json;
using OmsWorkflows.Local.AppHost.Calls;
using OmsWorkflows.Local.AppHost.Demo;

namespace OmsWorkflows.Machines;

/// <summary>Azurite, the sandbox and the app as processes, for the tests of one class.</summary>
public abstract class LocalMachine : IAsyncLifetime
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// For <c>Sandbox:RetrySchedule</c>: what OMS cannot deliver comes again within seconds, for longer than a killed app takes to come
    /// back on a slow and busy machine.
    /// </summary>
    protected static readonly string RetriesSoon = string.Join(',', Enumerable.Repeat("00:00:02", 150));

    private Machine? _machine;
    private AppApi? _app;
    private Till? _till;
    private SandboxControl? _sandbox;

    internal Machine Machine => _machine ?? throw NotStarted();

    internal AppApi App => _app ?? throw NotStarted();

    internal Till Till => _till ?? throw NotStarted();

    internal SandboxControl Sandbox => _sandbox ?? throw NotStarted();

    internal virtual MachineSettings Settings => new();

    public virtual async ValueTask InitializeAsync()
    {
        using var limit = new CancellationTokenSource(Limits.Wait);
        _machine = await Machine.StartAsync(Settings, _ => { }, limit.Token);
        _app = _machine.App.Open();
        _till = new Till(_machine.Sandbox.Url, _machine.Key, _machine.ApiVersion);
        _sandbox = new SandboxControl(_machine.Sandbox.Url, _machine.Key, _machine.ApiVersion);
    }

    public virtual async ValueTask DisposeAsync()
    {
        _app?.Dispose();
        _till?.Dispose();
        _sandbox?.Dispose();
        if (_machine is not null)
            await _machine.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts a cash-in of a new applicant; returns its id.</summary>
    internal async Task<string> StartCashInAsync(string? externalId = null)
        => (await App.StartCashInAsync(
            Story.CashIn(externalId ?? $"user-{Guid.NewGuid():N}"), $"e2e-{Guid.NewGuid():N}", CancellationToken.None)).Id;

    /// <summary>Reads a journey until it is as wanted; fails with its last document when that does not happen.</summary>
    /// <param name="path">Where it is below <c>/api</c>; the id alone is a cash-in's.</param>
    /// <param name="wanted">Whether it is as wanted.</param>
    internal async Task<JourneyDocument> UntilAsync(string path, Func<JourneyDocument, bool> wanted)
    {
        using var limit = new CancellationTokenSource(Limits.Wait);
        using var timer = new PeriodicTimer(Look);
        JourneyDocument? document = null;
        try
        {
            do
            {
                document = path.Contains('/', StringComparison.Ordinal)
                    ? await App.GetJourneyAsync(path, limit.Token)
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

        throw new TimeoutException($"Not as wanted after {Limits.Wait.TotalSeconds} s: {document}");
    }

    /// <summary>Reads anything below <c>/api</c> until it is as wanted; fails with what was there last when that does not happen.</summary>
    internal async Task<T> UntilAsync<T>(string path, Func<T, bool> wanted)
    {
        using var limit = new CancellationTokenSource(Limits.Wait);
        using var timer = new PeriodicTimer(Look);
        var last = "no answer";
        try
        {
            do
            {
                var answer = await App.GetAsync<T>(path, limit.Token);
                if (wanted(answer))
                    return answer;
                last = answer?.ToString() ?? last;
            }
            while (await timer.WaitForNextTickAsync(limit.Token));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // Told below, with what was there instead.
        }

        throw new TimeoutException($"{path} was not as wanted after {Limits.Wait.TotalSeconds} s: {last}");
    }

    /// <summary>Posts to the app with an <c>Idempotency-Key</c> of its own.</summary>
    /// <param name="path">Below <c>/api</c>.</param>
    /// <param name="body">Sent as JSON.</param>
    internal async Task<HttpResponseMessage> PostAsync(string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/{path}") { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", $"e2e-{Guid.NewGuid():N}");
        return await App.Http.SendAsync(request);
    }

    internal Task<JourneyDocument> UntilPhaseAsync(string id, string phase) => UntilAsync(id, document => document.Phase == phase);

    /// <summary>Pays with the code that is valid now; with the next one, when it has run out on the way to the store.</summary>
    internal async Task PayAsync(string id, decimal amount)
    {
        var code = (await UntilPhaseAsync(id, "AwaitingDeposit")).NeedDeposit().Code;
        while (!await TryPayAsync(code, amount))
        {
            code = (await UntilAsync(id, document => document.Phase == "AwaitingDeposit" && document.NeedDeposit().Code != code))
                .NeedDeposit().Code;
        }
    }

    /// <summary>Whether a code is still good to pay with.</summary>
    internal async Task<bool> TryPayAsync(string code, decimal amount)
    {
        var response = await Till.PayAsync(code, amount, CancellationToken.None);
        response.Should().BeOneOf(["00", "54", "14"], "it is good, ran out, or was renewed since: nothing else is wrong with it");
        return response == "00";
    }

    /// <summary>120 USD less 1.5 % and 0.50 (docs/oms-api.md 7.2).</summary>
    internal static void ShouldBeBooked(JourneyDocument document)
    {
        document.Phase.Should().Be("Completed");
        var settlement = document.NeedSettlement();
        settlement.Gross.Should().Be(120.00m);
        settlement.Fees.Should().Be(2.30m);
        settlement.Net.Should().Be(117.70m);
        settlement.TransactionId.Should().StartWith("txn_");
        document.Ended.Should().BeTrue();
    }

    private static InvalidOperationException NotStarted() => new("The machine has not started.");
}
