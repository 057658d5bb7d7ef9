using Azure;
using Azure.Data.Tables;
using DurableTask.Testing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Journeys;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Functions.Tests.Journeys;

/// <summary>Journeys that are over are removed after their retention, on a real engine and real tables.</summary>
public sealed class JourneyRemovalTests(Azurite azurite) : IAsyncLifetime
{
    private static readonly CancellationToken Token = CancellationToken.None;
    private static readonly DateTimeOffset Old = Events.Start - JourneyRetentionOptions.DefaultRetention - TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _clock = new(Events.Start);
    private DurableTaskTestHost _host = null!;
    private AppTables _tables = null!;
    private Intakes _intakes = null!;

    public async ValueTask InitializeAsync()
    {
        _tables = await azurite.TablesAsync();
        _intakes = new Intakes(_tables, new EphemeralDataProtectionProvider());
        _host = await DurableTaskTestHost.StartAsync(registry =>
        {
            registry.AddOrchestratorFunc<string, string>("Ends", (_, input) => Task.FromResult(input));
            registry.AddOrchestratorFunc<string, string>("Waits", (context, _) => context.WaitForExternalEvent<string>("signal"));
        });
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task One_that_is_over_goes_with_its_history_after_its_retention_and_not_before()
    {
        await AddAsync("old", "Ends", Old);
        await AddAsync("young", "Ends", Events.Start);

        (await RemoveAsync()).Should().Be(1);

        (await LeftAsync()).Should().Equal("young");
        (await _host.Client.GetInstanceAsync("old", Token)).Should().BeNull();
        (await _host.Client.GetInstanceAsync("young", Token)).Should().NotBeNull();
    }

    [Fact]
    public async Task What_its_person_was_found_by_goes_with_it()
    {
        var person = new Applicant { Email = "ana@example.test", ExternalId = "user-1" };
        await _intakes.AddAsync(Of("old", "Ends", Old) with { Applicant = new(person) }, Token);
        await _intakes.SupplyAsync("old", "supply-1", new Applicant { Email = "ana.reyes@example.test" }, Token);
        (await FoundRowsAsync()).Should().Be(3);

        (await RemoveAsync()).Should().Be(1);

        (await FoundRowsAsync()).Should().Be(0);
    }

    [Fact]
    public async Task One_that_runs_or_is_still_to_be_started_stays_however_old()
    {
        await AddAsync("runs", "Waits", Old);
        await _intakes.AddAsync(Of("lost", "Ends", Old) with { State = IntakeState.Accepted }, Token);

        (await RemoveAsync()).Should().Be(0);

        (await LeftAsync()).Should().BeEquivalentTo("runs", "lost");
    }

    [Fact]
    public async Task One_whose_history_the_backend_has_removed_goes_too()
    {
        await _intakes.AddAsync(Of("purged", "Ends", Old), Token);

        (await RemoveAsync()).Should().Be(1);

        (await LeftAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task One_that_changes_while_it_is_removed_is_left_to_the_next_pass()
    {
        await AddAsync("old", "Ends", Old);
        var seen = await _intakes.GetAsync("old", Token);
        await _tables.Intakes.UpdateEntityAsync(
            new TableEntity("old", "intake") { ["Newer"] = 1 }, ETag.All, TableUpdateMode.Merge, Token);

        await _intakes.RemoveAsync(seen, Token);

        (await LeftAsync()).Should().Equal("old");
    }

    private Task<int> RemoveAsync() => new JourneyRemoval(
        _intakes,
        [new("Ends", "e", "/e"), new("Waits", "w", "/w")],
        new FixedOptions<JourneyRetentionOptions>(new()),
        _clock,
        NullLogger<JourneyRemoval>.Instance)
        .RemoveOldAsync(_host.Client, Token);

    private async Task<List<string>> LeftAsync()
        => await _tables.Intakes.QueryAsync<TableEntity>().Select(row => row.PartitionKey).ToListAsync(Token);

    private async Task<int> FoundRowsAsync() => await _tables.Index.QueryAsync<TableEntity>()
        .CountAsync(row => row.RowKey.StartsWith("found:", StringComparison.Ordinal), Token);

    private async Task AddAsync(string id, string orchestration, DateTimeOffset receivedAt)
    {
        await _intakes.AddAsync(Of(id, orchestration, receivedAt), Token);
        await _host.Client.ScheduleNewOrchestrationInstanceAsync(orchestration, "in", new StartOrchestrationOptions(id), Token);
        if (orchestration == "Ends")
            await _host.Client.WaitForInstanceCompletionAsync(id, Token);
    }

    private static Intake Of(string id, string orchestration, DateTimeOffset receivedAt) => new()
    {
        InstanceId = id,
        Orchestration = orchestration,
        Input = "\"in\"",
        ReceivedAt = receivedAt,
        State = IntakeState.Started,
    };
}
