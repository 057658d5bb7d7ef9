using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Functions.Tests.Outbox;
using OmsWorkflows.Functions.Tests.Tables;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Notifications;
using OmsWorkflows.Outbox;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Functions.Tests.Notifications;

/// <summary>What sends notifications, over tables and a receiver in memory. Starting it anew forgets what a process would forget.</summary>
internal sealed class NotificationGround : IDisposable
{
    private readonly ServiceProvider _metrics
        = new ServiceCollection().AddMetrics().AddSingleton<NotificationMetrics>().BuildServiceProvider();

    public NotificationGround(params string[] endpoints)
        : this(null, endpoints)
    {
    }

    /// <summary>Over tables of the test's own.</summary>
    public NotificationGround(AppTables? tables, params string[] endpoints)
    {
        Endpoints = endpoints.Length == 0 ? ["orders"] : endpoints;
        Options = Outboxes.Options(Endpoints);
        Tables = tables ?? Memory.Open();
        StartAnew();
    }

    public FakeTimeProvider Clock { get; } = new(Events.Start);

    public InMemoryTables Memory { get; } = new();

    public AppTables Tables { get; }

    public string[] Endpoints { get; }

    public NotificationOptions Options { get; }

    public FakeReceiver Receiver { get; } = new();

    public OutboxWriter Outbox { get; private set; } = null!;

    public NotificationSender Sender { get; private set; } = null!;

    public NotificationDeadLetters Letters { get; private set; } = null!;

    public NotificationReplay Replay { get; private set; } = null!;

    public NotificationCleaning Cleaning { get; private set; } = null!;

    public OutboxBell Bell { get; private set; } = null!;

    public ListLogger<NotificationClient> ClientLog { get; } = new();

    public void StartAnew()
    {
        var options = new FixedOptions<NotificationOptions>(Options);
        Bell = new OutboxBell();
        Outbox = new(Tables, options, Bell, Clock);
        var (due, lines, circuits) = (new DueNotices(Tables), new Lines(Tables), new Circuits(Clock));
        var metrics = _metrics.GetRequiredService<NotificationMetrics>();
        Letters = new(Tables, metrics, Clock, NullLogger<NotificationDeadLetters>.Instance);
        var client = new NotificationClient(Receiver, options, circuits, metrics, Clock, ClientLog);
        Sender = new(
            due,
            new LineCourier(lines, due, Letters, client, options, Clock),
            new AgainCourier(lines, due, Letters, client, options, Clock),
            circuits,
            options,
            Clock,
            NullLogger<NotificationSender>.Instance);
        Replay = new(Tables, due, Letters, Bell, options, Clock, NullLogger<NotificationReplay>.Instance);
        Cleaning = new(Tables, Letters, options, Clock, NullLogger<NotificationCleaning>.Instance);
    }

    /// <summary>Writes a message as a journey's activity does.</summary>
    public Task AddAsync(string subject, long sequence)
        => Outbox.AddAsync(
            subject, sequence, "cashIn.codeIssued", Events.Start, new JsonObject { ["id"] = subject }, CancellationToken.None);

    /// <summary>Time goes by, and the timer comes.</summary>
    public async Task PassAsync(TimeSpan later)
    {
        Clock.Advance(later);
        foreach (var endpoint in Endpoints)
            await Sender.PassAsync(endpoint, CancellationToken.None);
    }

    /// <summary>What is left to be looked at.</summary>
    public async Task<int> CountDueAsync()
    {
        // The test looks, not the process that may be failing.
        var (count, failing) = (0, Memory.Failing);
        Memory.Failing = _ => TableFailure.None;
        foreach (var endpoint in Endpoints)
            await foreach (var page in new DueNotices(Tables).ListAsync(endpoint, DateTimeOffset.MaxValue, 100, CancellationToken.None))
                count += page.Count;
        Memory.Failing = failing;
        return count;
    }

    public void Dispose()
    {
        _metrics.Dispose();
        Receiver.Dispose();
        Memory.Dispose();
    }
}

/// <summary>A receiver that answers as it is told to, and remembers what it got.</summary>
internal sealed class FakeReceiver : HttpMessageHandler, IHttpClientFactory
{
    /// <summary>What came, in the order it came, whatever was answered.</summary>
    public List<Told> Got { get; } = [];

    /// <summary>What it took.</summary>
    public IEnumerable<Told> Took => Got.Where(told => told.Taken);

    /// <summary>Answers a status, or none at all; given the message and how often it came.</summary>
    public Func<Told, int, HttpStatusCode?> Answer { get; set; } = (_, _) => HttpStatusCode.OK;

    /// <summary>What it says in <c>Retry-After</c> when it takes nothing.</summary>
    public string? RetryAfter { get; set; }

    /// <summary>Completes when a request has come.</summary>
    public TaskCompletionSource Arrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the first request is answered after.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Arrived.TrySetResult())
            await Gate.WaitAsync(cancellationToken);
        var body = await request.Content!.ReadAsStringAsync(cancellationToken);
        var json = JsonNode.Parse(body)!;
        var told = new Told(
            request.RequestUri!.Host.Split('.')[0],
            Header(request, "webhook-id"),
            Header(request, "webhook-timestamp"),
            Header(request, "webhook-signature"),
            json["data"]!["id"]!.GetValue<string>(),
            json["sequence"]!.GetValue<long>(),
            json["type"]!.GetValue<string>(),
            body);
        var times = Got.Count(each => each.Id == told.Id && each.Endpoint == told.Endpoint) + 1;
        var status = Answer(told, times);
        lock (Got)
            Got.Add(told with { Taken = status is >= HttpStatusCode.OK and < HttpStatusCode.Ambiguous });
        if (status is not { } answered)
            throw new HttpRequestException(HttpRequestError.ConnectionError);
        var answer = new HttpResponseMessage(answered);
        if (RetryAfter is not null && !answer.IsSuccessStatusCode)
            answer.Headers.TryAddWithoutValidation("Retry-After", RetryAfter);
        return answer;
    }

    private static string Header(HttpRequestMessage request, string name) => request.Headers.GetValues(name).Single();
}

/// <summary>One delivery.</summary>
internal sealed record Told(
    string Endpoint, string Id, string Timestamp, string Signature, string Subject, long Sequence, string Type, string Body)
{
    public bool Taken { get; init; }
}
