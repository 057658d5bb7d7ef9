using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;
using OmsWorkflows.Functions.Tests.Secrets;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Functions.Tests.Storage;

public sealed class TableSetupTests(Azurite azurite)
{
    private static readonly CancellationToken Token = CancellationToken.None;

    [Fact]
    public async Task Start_AccountAnswers_TheTablesExistBeforeTheFirstRequest()
    {
        var tables = azurite.Tables(Azurite.NewPrefix());
        using var setup = new TableSetup(tables, TimeProvider.System, NullLogger<TableSetup>.Instance);

        await setup.StartingAsync(Token);

        tables.Created.Should().BeTrue();
        (await tables.Intakes.GetEntityIfExistsAsync<Azure.Data.Tables.TableEntity>("none", "none", cancellationToken: Token)).HasValue
            .Should().BeFalse();
    }

    [Fact]
    public async Task Start_AccountOutOfReach_TheAppRunsOnAndTheTablesAreMadeWhenItAnswers()
    {
        var line = new Line { Cut = true };
        var tables = azurite.Tables(Azurite.NewPrefix(), line);
        var clock = new WatchedClock();
        using var setup = new TableSetup(tables, clock, NullLogger<TableSetup>.Instance);

        await setup.StartingAsync(Token);
        await setup.StartAsync(Token);
        await clock.TimerCreated;
        tables.Created.Should().BeFalse("and nothing was thrown");
        var before = line.Attempts;
        clock.Advance(TableSetup.Pause);
        await line.Reached(before + 1);
        line.Cut = false;
        while (!setup.ExecuteTask!.IsCompleted)
        {
            clock.Advance(TableSetup.Pause);
            await Task.WhenAny(setup.ExecuteTask, line.Reached(line.Attempts + 1));
        }

        await setup.ExecuteTask;
        tables.Created.Should().BeTrue();
        await setup.StopAsync(Token);
    }

    [Fact]
    public async Task Stop_WhileTheAccountIsOutOfReach_Ends()
    {
        var clock = new WatchedClock();
        using var setup = new TableSetup(azurite.Tables(Azurite.NewPrefix(), new Line { Cut = true }), clock,
            NullLogger<TableSetup>.Instance);
        await setup.StartingAsync(Token);
        await setup.StartAsync(Token);
        await clock.TimerCreated;

        await setup.StopAsync(Token).WaitAsync(Limits.Wait);

        setup.ExecuteTask!.IsCompleted.Should().BeTrue();
    }

    /// <summary>The way to the account; cut, every attempt fails as without a network.</summary>
    private sealed class Line : HttpPipelineTransport
    {
        private readonly HttpClientTransport _inner = HttpClientTransport.Shared;
        private readonly Lock _lock = new();
        private readonly List<(int At, TaskCompletionSource Reached)> _waiting = [];
        private int _attempts;

        public volatile bool Cut;

        public int Attempts => Volatile.Read(ref _attempts);

        public Task Reached(int attempts)
        {
            lock (_lock)
            {
                var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                if (_attempts >= attempts)
                    reached.SetResult();
                else
                    _waiting.Add((attempts, reached));
                return reached.Task.WaitAsync(Limits.Wait);
            }
        }

        public override Request CreateRequest() => _inner.CreateRequest();

        public override void Process(HttpMessage message) => throw new NotSupportedException();

        public override async ValueTask ProcessAsync(HttpMessage message)
        {
            Count();
            if (Cut)
                throw new RequestFailedException("no route to host");
            await _inner.ProcessAsync(message);
        }

        private void Count()
        {
            lock (_lock)
            {
                _attempts++;
                foreach (var (_, reached) in _waiting.Where(entry => entry.At <= _attempts))
                    reached.TrySetResult();
            }
        }
    }
}
