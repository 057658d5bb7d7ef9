using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using OmsWorkflows.Local.AppHost.Demo;
using OmsWorkflows.Soak;
using OmsWorkflows.Soak.Playing;
using OmsWorkflows.Soak.Processes;

namespace OmsWorkflows.Load.Traffic;

/// <summary>The people of a run: each starts a cash-in, gets a code, pays, and looks once more when everything is over.</summary>
internal sealed class Crowd(IReadOnlyList<AppCaller> apps, OmsSimulator oms, LoadOptions options)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan NothingMoves = TimeSpan.FromMinutes(5);

    private readonly CashDesk _desk = new(oms);
    private readonly ConcurrentBag<TimeSpan> _starts = [];
    private readonly ConcurrentBag<string> _ids = [];
    private readonly ConcurrentDictionary<string, bool> _paid = [];

    /// <summary>How long each start took to be answered.</summary>
    public IReadOnlyList<TimeSpan> Starts => [.. _starts];

    /// <summary>How far the run is, from 0 to 1; kills go by it.</summary>
    public double Progress => (_ids.Count + _paid.Count) / (2.0 * options.CashIns);

    /// <summary>Cash that was handed over, USD.</summary>
    public decimal Taken => _desk.Taken.Sum(cash => cash.Amount);

    /// <summary>They all start.</summary>
    public Task StartAsync(IEnumerable<int> people, CancellationToken cancellationToken) => EverybodyAsync(
        people,
        async (number, token) =>
        {
            var began = Stopwatch.GetTimestamp();
            _ids.Add(await Any(number).StartAsync(Story.CashIn($"load-{number}"), $"load-{number}", token));
            _starts.Add(Stopwatch.GetElapsedTime(began));
        },
        cancellationToken);

    /// <summary>Waits until <paramref name="people"/> in all have a deposit code.</summary>
    /// <returns>The codes that were not paid in at, by the id of the cash-in at OMS.</returns>
    public async Task<IReadOnlyDictionary<string, string>> CodesAsync(int people, CancellationToken cancellationToken)
    {
        var codes = new Dictionary<string, string>();
        await UntilAsync(
            async () =>
            {
                codes = (await oms.ListAsync("/cash-ins", cancellationToken))
                    .Where(cashIn => cashIn["depositInstructions"].Text("code") is not null && !_paid.ContainsKey(cashIn.Text("id")!))
                    .ToDictionary(cashIn => cashIn.Text("id")!, cashIn => cashIn["depositInstructions"].Text("code")!);
                return _paid.Count + codes.Count;
            },
            people,
            "have a deposit code",
            cancellationToken);
        return codes;
    }

    /// <summary>They all pay.</summary>
    public Task PayAsync(IReadOnlyDictionary<string, string> codes, CancellationToken cancellationToken) => EverybodyAsync(
        codes,
        async (code, token) =>
        {
            if (!await _desk.PayAsync(code.Key, code.Value, LoadOptions.Amount, token))
                throw new InvalidOperationException($"The till refused the code of {code.Key}.");
            _paid[code.Key] = true;
        },
        cancellationToken);

    /// <summary>Waits until <paramref name="count"/> says as many as there are people.</summary>
    public static async Task UntilAsync(Func<Task<int>> count, int people, string what, CancellationToken cancellationToken)
    {
        var (most, moved) = (-1, Stopwatch.GetTimestamp());
        using var timer = new PeriodicTimer(Look);
        while (true)
        {
            var now = await count();
            if (now >= people)
                return;
            if (now > most)
                (most, moved) = (now, Stopwatch.GetTimestamp());
            if (Stopwatch.GetElapsedTime(moved) > NothingMoves)
                throw new TimeoutException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Only {now} of {people} {what}, and none more for {NothingMoves.TotalMinutes} minutes."));
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Everybody reads the journey until it has ended.</summary>
    /// <returns>The documents.</returns>
    public async Task<IReadOnlyList<JsonObject>> EndsAsync(CancellationToken cancellationToken)
    {
        var documents = new ConcurrentDictionary<string, JsonObject>();
        await UntilAsync(
            async () =>
            {
                await EverybodyAsync(
                    _ids.Where(id => !documents.ContainsKey(id)).Index(),
                    async (journey, token) =>
                    {
                        var document = await Any(journey.Index).ReadAsync(journey.Item, token);
                        if (document.Is("ended"))
                            documents[journey.Item] = document;
                    },
                    cancellationToken);
                return documents.Count;
            },
            options.CashIns,
            "have ended",
            cancellationToken);
        return [.. documents.Values];
    }

    private AppCaller Any(int number) => apps[number % apps.Count];

    private Task EverybodyAsync<T>(IEnumerable<T> people, Func<T, CancellationToken, Task> act, CancellationToken cancellationToken)
        => Parallel.ForEachAsync(
            people,
            new ParallelOptions { MaxDegreeOfParallelism = options.Clients, CancellationToken = cancellationToken },
            async (person, token) => await act(person, token));
}
