using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Local.FunctionsHost.Keys;

namespace OmsWorkflows.FunctionsHost.Tests.Keys;

/// <summary>Guessing keys becomes slow, and the log tells of it without being flooded.</summary>
public sealed class WrongKeysTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Lines _log = new();

    [Fact]
    public async Task Refuse_RequestWithoutAKey_IsAnsweredAtOnceAndNotToldOf()
    {
        var wrongKeys = new WrongKeys(_clock, _log);
        for (var n = 0; n < 100; n++)
            (await RefuseAsync(wrongKeys, key: null)).Should().Be(StatusCodes.Status401Unauthorized);

        _log.Should().BeEmpty();
    }

    [Fact]
    public async Task Refuse_ManyWrongKeys_EachWaitsLongerUpToALimitAndTheLogTellsOnce()
    {
        var wrongKeys = new WrongKeys(_clock, NullLogger.Instance);
        for (var n = 0; n < 10; n++)
            await RefuseAsync(wrongKeys, "wrong");

        var eleventh = RefuseAsync(wrongKeys, "wrong");
        eleventh.IsCompleted.Should().BeFalse();
        _clock.Advance(TimeSpan.FromMilliseconds(50));
        (await eleventh).Should().Be(StatusCodes.Status401Unauthorized);

        for (var n = 0; n < 1_000; n++)
            _ = RefuseAsync(wrongKeys, "wrong");
        var slowest = RefuseAsync(wrongKeys, "wrong");
        _clock.Advance(TimeSpan.FromMilliseconds(1_999));
        slowest.IsCompleted.Should().BeFalse();
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await slowest;
    }

    [Fact]
    public async Task Refuse_TwoBursts_AreToldOfOnceEachWithTheCountSoFar()
    {
        var wrongKeys = new WrongKeys(_clock, _log);
        for (var n = 0; n < 5; n++)
            await RefuseAsync(wrongKeys, "wrong");
        _clock.Advance(TimeSpan.FromMinutes(2));
        await RefuseAsync(wrongKeys, "wrong");

        _log.Should().HaveCount(2);
        _log[0].Should().Contain("number 1 since the start").And.Contain("/v1/guarded").And.NotContain("wrong,");
        _log[1].Should().Contain("number 6 since the start");
    }

    private static async Task<int> RefuseAsync(WrongKeys wrongKeys, string? key)
    {
        var context = new DefaultHttpContext();
        context.Request.Path = "/v1/guarded";
        if (key is not null)
            context.Request.Headers["x-functions-key"] = key;
        await wrongKeys.RefuseAsync(context);
        return context.Response.StatusCode;
    }

    private sealed class Lines : List<string>, ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Add(formatter(state, exception));
    }
}
