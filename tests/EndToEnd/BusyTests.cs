using System.Net;
using System.Text.Json.Nodes;
using OmsWorkflows.Machines;

namespace OmsWorkflows.EndToEnd;

/// <summary>An app that serves one request at a time, and somebody who takes long over theirs.</summary>
public sealed class BusyTests : LocalMachine
{
    private const string Unknown = "/api/cash-ins/ci-unknown";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    internal override MachineSettings Settings
        => new() { App = new Dictionary<string, string> { ["Http:MaxRequests"] = "1" }, RegisterWebhook = false };

    [Fact]
    public async Task Whoever_comes_meanwhile_is_told_when_to_come_again_and_health_is_answered()
    {
        using var http = new HttpClient { BaseAddress = new Uri(Machine.App.Url) };
        http.DefaultRequestHeaders.Add("x-functions-key", Machine.App.FunctionKey);
        var (slow, body, refused) = await KeepBusyAsync(http);

        refused.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(5));
        JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["type"]!.GetValue<string>()
            .Should().Be("urn:oms-workflows:problem:too-busy");
        foreach (var path in (string[])["/api/health/live", "/api/health/ready"])
        {
            using var health = await http.GetAsync(path);
            health.StatusCode.Should().Be(HttpStatusCode.OK, path);
        }

        body.End();
        using var served = await slow;
        (await served.Content.ReadAsStringAsync()).Should().Contain("No webhook secret", "it was served");
        using var next = await http.GetAsync(Unknown);
        next.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    /// <summary>Sends a request that does not come to its end, until another one is refused for it.</summary>
    private static async Task<(Task<HttpResponseMessage> Slow, SlowBody Body, HttpResponseMessage Refused)> KeepBusyAsync(HttpClient http)
    {
        using var limit = new CancellationTokenSource(Limits.Wait);
        using var timer = new PeriodicTimer(Look);
        while (true)
        {
            var body = new SlowBody();
            var slow = http.PostAsync("/api/webhooks/oms", body, CancellationToken.None);

            // When the other one came first it is this one that is refused, and ends.
            while (!slow.IsCompleted)
            {
                await timer.WaitForNextTickAsync(limit.Token);
                var answer = await http.GetAsync(Unknown, limit.Token);
                if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
                    return (slow, body, answer);
                answer.Dispose();
            }
        }
    }

    /// <summary>A body that does not come to its end: blanks, so many that no server takes its sender for one that has gone.</summary>
    private sealed class SlowBody : HttpContent
    {
        private static readonly byte[] Blanks = [.. Enumerable.Repeat((byte)' ', 500)];

        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void End() => _end.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
            while (!_end.Task.IsCompleted)
            {
                await stream.WriteAsync(Blanks);
                await stream.FlushAsync();
                await timer.WaitForNextTickAsync();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
