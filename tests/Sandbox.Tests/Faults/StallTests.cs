using System.Net;
using OmsWorkflows.Sandbox.Tests.Support;

namespace OmsWorkflows.Sandbox.Tests.Faults;

/// <summary>Answers that begin and do not end.</summary>
public sealed class StallTests
{
    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task Headers_and_some_bytes_come_then_nothing(bool after, int customers)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SimAsync("/faults", new { fault = "stall", bytes = 10, after, match = new { method = "POST", path = "/customers" } });

        using var answer = await BeginAsync(sandbox, HttpMethod.Post, "/customers");
        var body = await answer.Content.ReadAsStreamAsync();
        var read = await body.ReadAtLeastAsync(new byte[10], 10);
        var more = body.ReadAsync(new byte[1]).AsTask();

        (read, more.IsCompleted).Should().Be((10, false));
        answer.Content.Headers.ContentLength.Should().BeGreaterThan(10);
        (await sandbox.GetAsync("/customers")).At("data").GetArrayLength().Should().Be(customers);
    }

    [Fact]
    public async Task A_stall_with_a_time_goes_on_when_it_is_over()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SimAsync("/faults", new { fault = "stall", bytes = 3, delay = "00:02:00" });

        using var answer = await BeginAsync(sandbox, HttpMethod.Get, "/customers");
        var body = answer.Content.ReadAsStringAsync();
        await sandbox.AdvanceRealTimeUntilAsync(body, TimeSpan.FromMinutes(1));

        (await body).Should().Be("""{"data":[],"hasMore":false,"nextCursor":null}""");
    }

    [Fact]
    public async Task A_stall_ends_when_the_fault_is_taken_back()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SimAsync("/faults", new { fault = "stall" });

        using var answer = await BeginAsync(sandbox, HttpMethod.Get, "/customers");
        await sandbox.Http.DeleteAsync("/_sim/faults");

        (await answer.Content.ReadAsStringAsync()).Should().EndWith("}");
    }

    [Fact]
    public async Task A_stall_can_end_with_a_cut_connection()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SimAsync("/faults", new { fault = "stall", bytes = 5, delay = 0, cut = true });

        var read = async () => await (await BeginAsync(sandbox, HttpMethod.Get, "/customers")).Content.ReadAsStringAsync();

        await read.Should().ThrowAsync<HttpRequestException>();
    }

    [Fact]
    public async Task A_dripping_answer_takes_a_wait_for_each_piece()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SimAsync("/faults", new { fault = "stall", bytes = 20, delay = "00:00:30", drip = true });
        var started = sandbox.Time.GetUtcNow();

        using var answer = await BeginAsync(sandbox, HttpMethod.Get, "/customers");
        var body = answer.Content.ReadAsStringAsync();
        await sandbox.AdvanceRealTimeUntilAsync(body, TimeSpan.FromSeconds(10));

        (await body).Should().EndWith("}");
        (sandbox.Time.GetUtcNow() - started).Should().BeGreaterThanOrEqualTo(
            TimeSpan.FromSeconds(60), "45 bytes are three pieces with two waits between them");
    }

    [Fact]
    public async Task A_slow_answer_without_a_time_waits_until_the_fault_is_taken_back()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await sandbox.SimAsync("/faults", new { fault = "slowAnswer" });

        var answer = sandbox.Http.GetAsync("/v0.9/customers");
        await sandbox.StruckAsync();
        answer.IsCompleted.Should().BeFalse();
        await sandbox.Http.DeleteAsync("/_sim/faults");

        (await answer).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    private static Task<HttpResponseMessage> BeginAsync(SandboxHost sandbox, HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, $"/v0.9{path}");
        if (method == HttpMethod.Post)
        {
            request.Headers.Add("Idempotency-Key", "k");
            request.Content = new StringContent("""{"type":"individual"}""");
        }
        return sandbox.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
