using System.Diagnostics;
using System.Net;
using OmsWorkflows.FunctionsHost.Tests.Durable;
using OmsWorkflows.FunctionsHost.Tests.Processes;

namespace OmsWorkflows.FunctionsHost.Tests.Worker;

/// <summary>The worker and the host die, and nothing is lost and nothing is left behind.</summary>
public sealed class WorkerTests
{
    [Fact]
    public async Task Worker_KilledDuringAnActivity_TheActivityFailsAndItsRetryRunsOnTheNextWorker()
    {
        await using var host = await HostProcess.StartAsync();
        var first = await host.WorkerIdAsync();
        var id = await host.StartOrchestrationAsync("Patient", host.Folder);
        await Until.TrueAsync("the activity runs", () => Runs(host).Length == 1);

        Process.GetProcessById(first).Kill();
        await Until.TrueAsync("it runs again", () => Runs(host).Length == 2);
        await File.WriteAllTextAsync(Path.Combine(host.Folder, "go"), "");

        (await host.UntilAsync(id, instance => instance.Text("status") == "Completed")).Text("output").Should().Be("\"waited\"");
        Runs(host).Should().OnlyHaveUniqueItems("the second run is the new worker's").And.Contain($"{await host.WorkerIdAsync()}");
        host.Output.Should().Contain(line => line.Contains($"Worker {first} ended with exit code 137"));
    }

    [Fact]
    public async Task Worker_KilledDuringARequest_TheCallerIsAskedToComeAgainAndTheNextRequestIsServed()
    {
        await using var host = await HostProcess.StartAsync();
        var first = await host.WorkerIdAsync();
        var begun = Path.Combine(host.Folder, "begun");
        var call = host.GetAsync($"/v1/slow?begun={begun}&until={host.Folder}/never");
        await Until.TrueAsync("the function has begun", () => File.Exists(begun));

        Process.GetProcessById(first).Kill();

        using var broken = await call;
        await ShouldAskToComeAgainAsync(broken);
        await UntilTheNextWorkerAnswersAsync(host, first);
    }

    [Fact]
    public async Task Worker_KilledAndRequestsComeAllTheTime_EachIsServedOrAskedToComeAgain()
    {
        await using var host = await HostProcess.StartAsync();
        var first = await host.WorkerIdAsync();
        Process.GetProcessById(first).Kill();
        var refused = await UntilTheNextWorkerAnswersAsync(host, first);

        foreach (var response in refused)
            await ShouldAskToComeAgainAsync(response);
    }

    [Fact]
    public async Task Host_Killed_TheWorkerEndsAndTheNextHostGoesOnWhereItWas()
    {
        string id;
        int worker;
        string folder;
        await using (var host = await HostProcess.StartAsync())
        {
            folder = host.Folder;
            worker = await host.WorkerIdAsync();
            id = await host.StartOrchestrationAsync("Patient", folder);
            await Until.TrueAsync("the activity runs", () => Runs(host).Length == 1);

            await host.KillAsync();
        }

        await Until.TrueAsync("the worker has ended", () => !IsRunning(worker));
        await File.WriteAllTextAsync(Path.Combine(folder, "go"), "");
        await using var next = await HostProcess.StartAsync(folder);
        (await next.UntilAsync(id, instance => instance.Text("status") == "Completed")).Text("output").Should().Be("\"waited\"");
    }

    [Fact]
    public async Task Host_AskedToStop_LetsRunningFunctionsEndAndLeavesNoWorker()
    {
        await using var host = await HostProcess.StartAsync(arguments: ["--grace", "30"]);
        var worker = await host.WorkerIdAsync();
        var (begun, go) = (Path.Combine(host.Folder, "begun"), Path.Combine(host.Folder, "go"));
        var id = await host.StartOrchestrationAsync("Patient", host.Folder);
        var call = host.GetAsync($"/v1/slow?begun={begun}&until={go}");
        await Until.TrueAsync("both have begun", () => File.Exists(begun) && Runs(host).Length == 1);

        var stopping = host.StopAsync();
        await Until.TrueAsync("it accepts nothing more", async () => !await AcceptsAsync(host.Port));
        stopping.IsCompleted.Should().BeFalse();
        await File.WriteAllTextAsync(go, "");

        using var answer = await call;
        (await answer.Content.ReadAsStringAsync()).Should().Be("slow");
        (await stopping).Should().Be(0);
        IsRunning(worker).Should().BeFalse();
        await using var next = await HostProcess.StartAsync(host.Folder);
        await next.UntilAsync(id, instance => instance.Text("status") == "Completed");
        Runs(host).Should().ContainSingle("what ran when the host was asked to stop has ended and was kept");
    }

    [Fact]
    public async Task Host_AskedToStopAndAFunctionDoesNotEnd_EndsAllTheSame()
    {
        await using var host = await HostProcess.StartAsync(arguments: ["--grace", "1"]);
        var worker = await host.WorkerIdAsync();
        await host.StartOrchestrationAsync("Patient", host.Folder);
        await Until.TrueAsync("the activity runs", () => Runs(host).Length == 1);

        (await host.StopAsync()).Should().Be(0);

        IsRunning(worker).Should().BeFalse();
    }

    /// <returns>What was answered in place of a worker.</returns>
    private static async Task<IReadOnlyList<HttpResponseMessage>> UntilTheNextWorkerAnswersAsync(HostProcess host, int first)
    {
        var refused = new List<HttpResponseMessage>();
        await Until.TrueAsync("the next worker answers", async () =>
        {
            try
            {
                var response = await host.GetAsync("/v1/process");
                if (response.StatusCode == HttpStatusCode.OK)
                    return await response.Content.ReadAsStringAsync() != $"{first}";
                refused.Add(response);
            }
            catch (HttpRequestException)
            {
                // An answer that had begun can only break off.
            }

            return false;
        });
        return refused;
    }

    private static async Task ShouldAskToComeAgainAsync(HttpResponseMessage response)
    {
        response.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(2));
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        (await response.Content.ReadAsStringAsync()).Should().Contain("\"status\":503").And.Contain("send it again");
    }

    private static string[] Runs(HostProcess host)
    {
        var file = Path.Combine(host.Folder, "runs");
        return File.Exists(file) ? File.ReadAllLines(file) : [];
    }

    private static bool IsRunning(int id) => Process.GetProcesses().Any(process => process.Id == id && !process.HasExited);

    private static async Task<bool> AcceptsAsync(int port)
    {
        try
        {
            using var client = new System.Net.Sockets.TcpClient();
            await client.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
