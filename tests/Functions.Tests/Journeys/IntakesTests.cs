using Azure;
using Azure.Data.Tables;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Functions.Tests.Outbox;
using OmsWorkflows.Functions.Tests.Tables;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Journeys;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Functions.Tests.Journeys;

/// <summary>The intake rows among many instances and two versions (docs/decisions/0011-many-instances.md).</summary>
public sealed class IntakesTests
{
    private static readonly CancellationToken Token = CancellationToken.None;
    private static readonly JourneyKind Kind = new("Counted", "cnt", "/api/counted");
    private static readonly Applicant Ana = new() { FirstName = "Ana" };

    private readonly AppTables _tables = new InMemoryTables().Open();
    private readonly FakeTimeProvider _clock = new(Events.Start);
    private readonly JourneyRecorder _journeys = new();
    private readonly Intakes _intakes;

    public IntakesTests() => _intakes = new Intakes(_tables, new EphemeralDataProtectionProvider());

    [Fact]
    public async Task Columns_and_a_state_of_a_newer_version_survive_every_change()
    {
        await AddAsync("j", Ana);
        await MergeAsync("j", new() { ["Newer"] = "kept", ["State"] = "Paused" });

        (await _intakes.GetAsync("j", Token)).State.Should().Be(IntakeState.Unknown);
        await _intakes.UpdateAsync("j", intake => intake with { CustomerId = "cst_1" }, Token);
        await _intakes.SupplyAsync("j", "cmd-1", Ana, Token);
        await _intakes.ForgetPersonAsync("j", Token);

        var row = await RowAsync("j");
        row.GetString("Newer").Should().Be("kept");
        row.GetString("State").Should().Be("Paused");
        row.GetString("CustomerId").Should().Be("cst_1");
    }

    [Fact]
    public async Task An_intake_that_cannot_be_decrypted_stops_neither_the_sweep_nor_a_list_nor_the_end_of_its_journey()
    {
        await AddAsync("bad", Ana);
        await MergeAsync("bad", new() { ["Applicant"] = "of a key that is gone", ["Supplement"] = "x", ["StoreNear"] = "y" });
        await AddAsync("good", Ana);
        _clock.Advance(TimeSpan.FromMinutes(1));

        await SweepAsync();

        (await PendingAsync()).Should().BeEmpty();
        (await ListAsync()).Should().Be(2);
        await _intakes.ForgetPersonAsync("bad", Token);
        (await RowAsync("bad")).Keys.Should().NotContain(["Applicant", "Supplement", "StoreNear"]);
    }

    [Fact]
    public async Task A_damaged_intake_stops_neither_the_sweep_nor_a_list()
    {
        await AddAsync("bad", Ana);
        await MergeAsync("bad", new() { ["Input"] = "{ torn" });
        await AddAsync("good", Ana);
        _clock.Advance(TimeSpan.FromMinutes(1));

        await SweepAsync();

        (await PendingAsync()).Should().Equal("bad");
        (await ListAsync()).Should().Be(2);
    }

    [Fact]
    public async Task What_is_supplied_while_the_supplement_before_is_sent_is_kept()
    {
        await AddAsync("j", null);
        await _intakes.SupplyAsync("j", "cmd-1", new() { Email = "a@example.test" }, Token);
        var sending = await _intakes.GetAsync("j", Token);

        await _intakes.SupplyAsync("j", "cmd-2", new() { Phone = "+1" }, Token);
        await _intakes.ForgetSupplementAsync("j", sending.SupplementId, Token);

        (await _intakes.GetAsync("j", Token)).Supplement!.Reveal().Should().Be(new Applicant { Email = "a@example.test", Phone = "+1" });
        await _intakes.ForgetSupplementAsync("j", "cmd-2", Token);
        (await _intakes.GetAsync("j", Token)).Supplement.Should().BeNull();
    }

    [Fact]
    public async Task The_same_supply_command_again_brings_nothing_back()
    {
        await AddAsync("j", null);
        await _intakes.SupplyAsync("j", "cmd-1", Ana, Token);
        await _intakes.ForgetSupplementAsync("j", "cmd-1", Token);

        (await _intakes.SupplyAsync("j", "cmd-1", Ana, Token)).Should().BeTrue();

        (await _intakes.GetAsync("j", Token)).Supplement.Should().BeNull();
    }

    [Fact]
    public async Task What_is_supplied_after_the_close_is_refused_and_leaves_nothing_behind()
    {
        await AddAsync("j", null);
        await _intakes.ForgetPersonAsync("j", Token);

        (await _intakes.SupplyAsync("j", "cmd-1", Ana, Token)).Should().BeFalse();

        (await RowAsync("j")).Keys.Should().NotContain(["Supplement", "SupplementId"]);
    }

    private async Task AddAsync(string id, Applicant? applicant) => (await _intakes.AddAsync(
        new()
        {
            InstanceId = id,
            Orchestration = Kind.Orchestration,
            Input = "1",
            ReceivedAt = _clock.GetUtcNow(),
            Applicant = applicant is null ? null : new(applicant),
        },
        Token)).Should().BeTrue();

    private Task<Response> MergeAsync(string id, Dictionary<string, object> columns) => _tables.Intakes.UpdateEntityAsync(
        new TableEntity(columns) { PartitionKey = id, RowKey = "intake" }, ETag.All, TableUpdateMode.Merge, Token);

    private async Task<TableEntity> RowAsync(string id) => (await _tables.Intakes.GetEntityAsync<TableEntity>(id, "intake")).Value;

    private Task<HashSet<string>> PendingAsync() => _intakes.Index.ReadPendingAsync(Token);

    private Task SweepAsync() => new StartSweeper(
        new JourneyStart(_intakes, Outboxes.Off(), _clock, NullLogger<JourneyStart>.Instance),
        _intakes,
        _clock,
        NullLogger<StartSweeper>.Instance)
        .SweepStarts(new TimerInfo(), _journeys.Client, Token);

    private async Task<int> ListAsync()
    {
        var (page, _) = await new JourneyLists(_intakes).ReadAsync([Kind], new(), 10, null, _journeys.Client, Token);
        foreach (var view in page)
            view.ToResult().Should().BeAssignableTo<IStatusCodeHttpResult>();
        return page.Count;
    }
}
