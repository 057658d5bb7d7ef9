using System.Net;
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
}
