using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Secrets;
using OmsWorkflows.Storage;
using OmsWorkflows.Telemetry;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Webhooks;

public sealed class WebhookReceiverTests(Azurite azurite)
{
    private const string Secret = "whsec_0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";

    private readonly Vault _vault = new();
    private static readonly CancellationToken Token = CancellationToken.None;
    private static readonly string CashInCompleted = Fixture.Text("webhooks/v0.9/cashIn.completed.json");
    private static readonly string CashInId = (string)Fixture.Node("webhooks/v0.9/cashIn.completed.json")["data"]!["id"]!;
    private static readonly string DeliveryId = (string)Fixture.Node("webhooks/v0.9/cashIn.completed.json")["id"]!;

    private readonly FakeTimeProvider _time = new(Events.Start);
    private readonly JourneyRecorder _journeys = new();
    private readonly WebhookOptions _options = new() { CurrentSecret = Secret };
    private Inbox? _inbox;

    public static TheoryData<string> Payloads => WebhookEnvelopeTests.Payloads;

    [Theory]
    [MemberData(nameof(Payloads))]
    public async Task Receive_every_documented_event_is_stored_and_acknowledged(string payload)
    {
        var text = Fixture.Text(payload);
        (await PostAsync(text)).Status.Should().Be(200);
        var read = WebhookEnvelope.Read(Encoding.UTF8.GetBytes(text), Events.Start)!;
        (await _inbox!.FindAsync(read.Signal.ResourceId, read.Signal.DeliveryId, Token))!.Signal.Should().Be(read.Signal);
    }

    [Fact]
    public async Task Receive_while_a_journey_listens_raises_the_signal()
    {
        await ReadyAsync();
        await _inbox!.ListenAsync(CashInId, "journey", Token);
        (await PostAsync(CashInCompleted)).Status.Should().Be(200);
        var signal = _journeys.Of("journey").Should().ContainSingle().Subject;
        signal.Should().BeEquivalentTo(
            new { Command = (string?)null, Event = SignalEvent.CashInCompleted, ResourceId = CashInId, DeliveryId, Sequence = 5L });
    }

    [Fact]
    public async Task Receive_before_anybody_listens_is_handed_out_later()
    {
        (await PostAsync(CashInCompleted)).Status.Should().Be(200);
        _journeys.Raised.Should().BeEmpty();
        (await _inbox!.ListenAsync(CashInId, "journey", Token)).Should().ContainSingle().Which.DeliveryId.Should().Be(DeliveryId);
    }

    [Fact]
    public async Task Receive_again_is_acknowledged_and_not_raised_again()
    {
        await ReadyAsync();
        await _inbox!.ListenAsync(CashInId, "journey", Token);
        await PostAsync(CashInCompleted);
        (await PostAsync(CashInCompleted)).Status.Should().Be(200);
        _journeys.Raised.Should().ContainSingle();
    }

    [Fact]
    public async Task Receive_when_the_engine_fails_is_503_and_the_repetition_is_raised()
    {
        await ReadyAsync();
        _journeys.With("journey").Failure = new IOException("engine down");
        await _inbox!.ListenAsync(CashInId, "journey", Token);
        (await PostAsync(CashInCompleted)).Status.Should().Be(503);

        _journeys.Failure = null;
        (await PostAsync(CashInCompleted)).Status.Should().Be(200);
        _journeys.Of("journey").Should().ContainSingle();
    }

    [Fact]
    public async Task Receive_when_the_store_is_down_is_503()
    {
        // Nobody listens on port 1.
        var down = new AppTables(
            new Azure.Data.Tables.TableServiceClient(
                azurite.ConnectionString.Split("TableEndpoint=")[0] + "TableEndpoint=http://127.0.0.1:1/devstoreaccount1;",
                new Azure.Data.Tables.TableClientOptions { Retry = { MaxRetries = 0 } }),
            "Down");
        _inbox = new Inbox(down, _time, NullLogger<Inbox>.Instance);
        var answer = await PostAsync(CashInCompleted);
        answer.Status.Should().Be(503);
        answer.Body.Should().Contain("urn:oms-workflows:problem:unavailable");
        _journeys.Raised.Should().BeEmpty();
    }

    [Fact]
    public async Task Receive_without_a_secret_is_503()
    {
        _options.CurrentSecret = null;
        (await PostAsync(CashInCompleted)).Status.Should().Be(503);
    }

    [Theory]
    [InlineData("none", "SignatureMissing")]
    [InlineData("wrong", "SignatureMismatch")]
    [InlineData("old", "SignatureTooOld")]
    [InlineData("future", "SignatureTooNew")]
    [InlineData("twice", "SignatureRepeated")]
    [InlineData("malformed", "SignatureMalformed")]
    public async Task Receive_not_rightly_signed_is_401_and_stores_nothing(string how, string verdict)
    {
        var body = Encoding.UTF8.GetBytes(CashInCompleted);
        var good = WebhookSignature.Sign(body, Secret, Events.Start);
        string[] header = how switch
        {
            "none" => [],
            "wrong" => [WebhookSignature.Sign(body, Secret + "x", Events.Start)],
            "old" => [WebhookSignature.Sign(body, Secret, Events.Start.AddSeconds(-301))],
            "future" => [WebhookSignature.Sign(body, Secret, Events.Start.AddSeconds(301))],
            "twice" => [good, good],
            _ => ["sha256=abc"],
        };
        var answer = await PostAsync(CashInCompleted, request => request.Headers[WebhookSignature.HeaderName] = header);
        answer.Status.Should().Be(401);
        answer.Verdict.Should().Be(verdict);
        answer.Body.Should().Contain("urn:oms-workflows:problem:unauthorized").And.NotContain(CashInId);
        (await _inbox!.FindAsync(CashInId, DeliveryId, Token)).Should().BeNull();
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("application/json;charset=utf8", null)]
    [InlineData("application/json; charset=\"UTF-8\"", null)]
    [InlineData("application/json; charset=utf-16", null)]
    [InlineData("application/cloudevents+json", "identity")]
    [InlineData("application/json", "Identity")]
    [InlineData("application/json", "gzip")]
    [InlineData("text/plain", "")]
    [InlineData("nonsense;;", "identity, identity")]
    public async Task Receive_signed_is_read_whatever_its_headers_call_it(string? contentType, string? encoding)
    {
        var answer = await PostAsync(CashInCompleted, request =>
        {
            request.ContentType = contentType;
            if (encoding is not null)
            {
                request.Headers.ContentEncoding = encoding;
            }
        });

        (answer.Status, answer.Verdict).Should().Be((200, "Accepted"));
        (await _inbox!.FindAsync(CashInId, DeliveryId, Token))!.Signal.Event.Should().Be(SignalEvent.CashInCompleted);
    }

    [Fact]
    public async Task Receive_with_a_byte_order_mark_is_read()
    {
        (await PostAsync("\uFEFF" + CashInCompleted)).Verdict.Should().Be("Accepted");
        (await _inbox!.FindAsync(CashInId, DeliveryId, Token)).Should().NotBeNull();
    }

    [Fact]
    public async Task Receive_any_wrong_signature_is_answered_in_the_same_words()
    {
        var body = Encoding.UTF8.GetBytes(CashInCompleted);
        string[][] headers =
        [
            [], [""], ["sha256=abc"], [WebhookSignature.Sign(body, Secret + "x", Events.Start)],
            [WebhookSignature.Sign(body, Secret, Events.Start.AddHours(-1))],
            [WebhookSignature.Sign(body, Secret, Events.Start.AddHours(1))],
            [WebhookSignature.Sign(body, Secret, Events.Start), WebhookSignature.Sign(body, Secret, Events.Start)],
        ];
        var answers = new HashSet<string>();
        foreach (var header in headers)
        {
            var answer = await PostAsync(CashInCompleted, request => request.Headers[WebhookSignature.HeaderName] = header);
            answer.Status.Should().Be(401);
            answers.Add(System.Text.Json.Nodes.JsonNode.Parse(answer.Body)!["detail"]!.ToString());
        }

        answers.Should().ContainSingle();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Receive_more_than_256kib_is_413_and_not_read(bool declared)
    {
        var stream = new CountingStream(10 * 1024 * 1024);
        var answer = await PostAsync("", request =>
        {
            request.Body = stream;
            request.ContentLength = declared ? stream.Length : null;
        });
        answer.Status.Should().Be(413);
        stream.Given.Should().BeLessThanOrEqualTo(declared ? 0 : 256 * 1024 + 1);
    }

    [Theory]
    [InlineData(256 * 1024, 200)]
    [InlineData(256 * 1024 + 1, 413)]
    public async Task Receive_at_the_limit_is_the_last_to_be_taken(int length, int status)
    {
        const string Start = """{"id":"whd_big","event":"webhook.test","data":{},"padding":""";
        var body = Start + '"' + new string('x', length - Start.Length - 3) + "\"}";
        (await PostAsync(body, request => request.ContentLength = null)).Status.Should().Be(status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("not json at all")]
    [InlineData("""{"id":"whd_1"}""")]
    public async Task Receive_signed_but_not_understood_is_stored_and_acknowledged(string body)
    {
        var answer = await PostAsync(body);

        (answer.Status, answer.Verdict).Should().Be((200, "NotUnderstood"));
        var stored = WebhookEnvelope.Read(Encoding.UTF8.GetBytes(body), Events.Start).Signal;
        (await _inbox!.FindAsync(stored.ResourceId, stored.DeliveryId, Token))!.State.Should().Be(InboxState.Noted);
        (await PostAsync(body)).Verdict.Should().Be("Duplicate");
    }

    [Fact]
    public async Task Receive_secret_that_another_instance_stored_is_fetched_and_accepted()
    {
        _options.CurrentSecret = "whsec_former";
        _vault.OnRefresh = () => _options.CurrentSecret = Secret;

        (await PostAsync(CashInCompleted)).Status.Should().Be(200);
    }

    [Fact]
    public async Task Receive_mismatch_while_the_secrets_may_be_stale_is_503_so_that_OMS_sends_again()
    {
        _options.CurrentSecret = "whsec_former";
        _vault.IsFresh = false;

        var answer = await PostAsync(CashInCompleted);

        answer.Status.Should().Be(503);
        answer.Verdict.Should().Be("SecretsStale");
        _vault.Refreshes.Should().Be(1);
    }

    [Fact]
    public async Task Receive_body_breaks_off_is_400()
    {
        var answer = await PostAsync(CashInCompleted, request => request.Body = new BrokenStream());
        answer.Status.Should().Be(400);
        answer.Verdict.Should().Be("Incomplete");
    }

    private async Task ReadyAsync() => _inbox ??= new Inbox(await azurite.TablesAsync(), _time, NullLogger<Inbox>.Instance);

    private async Task<(int Status, string Body, string Verdict)> PostAsync(string body, Action<HttpRequest>? change = null)
    {
        await ReadyAsync();
        using var services =
            new ServiceCollection().AddLogging().AddMetrics().AddProblemDetails().AddSingleton<AppMetrics>().BuildServiceProvider();
        var metrics = services.GetRequiredService<AppMetrics>();
        using var received = new MetricCollector<long>(
            services.GetRequiredService<IMeterFactory>(), AppTelemetry.Name, "oms_workflows.webhooks");
        var receiver = new WebhookReceiver(
            _inbox!, new FixedOptions<WebhookOptions>(_options), _vault, _time, metrics, NullLogger<WebhookReceiver>.Instance);
        var bytes = Encoding.UTF8.GetBytes(body);
        var context = new DefaultHttpContext { RequestServices = services, Response = { Body = new MemoryStream() } };
        context.Request.Method = "POST";
        context.Request.ContentType = "application/json";
        context.Request.Body = new MemoryStream(bytes);
        context.Request.ContentLength = bytes.Length;
        context.Request.Headers[WebhookSignature.HeaderName] = WebhookSignature.Sign(bytes, Secret, _time.GetUtcNow());
        change?.Invoke(context.Request);

        await (await receiver.ReceiveAsync(context.Request, _journeys.Client)).ExecuteAsync(context);

        var answer = Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());
        return (context.Response.StatusCode, answer, (string)received.GetMeasurementSnapshot().Single().Tags["verdict"]!);
    }

    private sealed class Vault : ISecretRefresh
    {
        public Action? OnRefresh { get; set; }

        public bool IsFresh { get; set; } = true;

        public int Refreshes { get; private set; }

        public Task<bool> TryRefreshAsync(CancellationToken cancellationToken)
        {
            Refreshes++;
            OnRefresh?.Invoke();
            return Task.FromResult(IsFresh);
        }
    }

    private sealed class CountingStream(long length) : MemoryStream
    {
        public long Given { get; private set; }

        public override long Length => length;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = (int)Math.Min(buffer.Length, length - Given);
            Given += count;
            return new(count);
        }
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => throw new IOException("The client hung up.");
    }
}
