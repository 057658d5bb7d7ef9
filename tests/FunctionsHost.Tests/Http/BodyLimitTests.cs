using System.Net;
using System.Net.Sockets;
using System.Text;
using OmsWorkflows.FunctionsHost.Tests.Processes;

namespace OmsWorkflows.FunctionsHost.Tests.Http;

public sealed class BodyLimitTests
{
    [Fact]
    public async Task Post_BodyOverTheLimit_Is500WithoutBodyAndOneBelowIsTaken()
    {
        await using var host = await HostProcess.StartAsync(environment: new() { ["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"] = "1000" });

        using var over = await host.PostAsync("/v1/echo", new string('x', 1001));
        using var below = await host.PostAsync("/v1/echo", new string('x', 1000));

        over.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        (await over.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
        below.StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Post_BodyThatNeverEndsToAFunctionThatDoesNotReadIt_Is413AndNoWordOfAWorkerThatEnded()
    {
        await using var host = await HostProcess.StartAsync();
        using var caller = new TcpClient();
        await caller.ConnectAsync(IPAddress.Loopback, new Uri(host.Url).Port);
        await using var stream = caller.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("POST /v1/WithoutRoute HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"));

        using var reader = new StreamReader(stream);
        var answer = reader.ReadLineAsync();
        var chunk = Encoding.ASCII.GetBytes($"10000\r\n{new string('x', 0x10000)}\r\n");
        while (!answer.IsCompleted)
            await Task.WhenAny(stream.WriteAsync(chunk).AsTask(), answer);

        (await answer).Should().Be("HTTP/1.1 413 Payload Too Large");
    }
}
