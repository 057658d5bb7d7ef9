using Azure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using OmsWorkflows.Http;

namespace OmsWorkflows.Functions.Tests.Http;

/// <summary>Functions whose tables, engine or OMS do not answer.</summary>
public sealed class FailingTests
{
    public static TheoryData<Exception> Failures =>
    [
        new RequestFailedException(503, "Server busy"),
        new RequestFailedException(0, "Connection refused", new HttpRequestException()),
        new AggregateException("Retry failed after 3 tries.", new TaskCanceledException("The operation was cancelled because it exceeded")),
        new TaskCanceledException("The time limit of an attempt is over."),
        new TimeoutException(),
        new IOException("Too many open files"),
    ];

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task What_does_not_answer_is_503_and_says_when_to_ask_again(Exception failure)
    {
        var call = Invoked.ByRequest("StartCashIn");
        var unhandled = new UnhandledExceptions(NullLogger<UnhandledExceptions>.Instance);

        await new DocumentHeaders().Invoke(call.Context, context => unhandled.Invoke(context, _ => throw failure));
        await call.StartAsync();

        call.Http.Response.StatusCode.Should().Be(StatusCodes.Status503ServiceUnavailable);
        call.Http.Response.Headers.RetryAfter.ToString().Should().Be("5");
        call.Body["type"]!.GetValue<string>().Should().Be("urn:oms-workflows:problem:unavailable");
    }

    [Theory]
    [InlineData(StatusCodes.Status503ServiceUnavailable, null, "5")]
    [InlineData(StatusCodes.Status503ServiceUnavailable, "30", "30")]
    [InlineData(StatusCodes.Status200OK, null, "")]
    [InlineData(StatusCodes.Status502BadGateway, null, "")]
    public async Task Every_503_says_when_to_ask_again_and_nothing_else_does(int status, string? said, string expected)
    {
        var call = Invoked.ByRequest("Ready");

        await new DocumentHeaders().Invoke(call.Context, _ =>
        {
            call.Http.Response.StatusCode = status;
            if (said is not null)
                call.Http.Response.Headers.RetryAfter = said;
            return Task.CompletedTask;
        });
        await call.StartAsync();

        call.Http.Response.Headers.RetryAfter.ToString().Should().Be(expected);
    }
}
