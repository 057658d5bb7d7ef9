using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using CsCheck;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Functions.Tests.Ledger;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;
using OmsWorkflows.Operations;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Functions.Tests.Operations;

/// <summary>The restore of docs/operations.md, rehearsed on Azurite.</summary>
public sealed class LedgerCopiesTests(Azurite azurite) : IAsyncLifetime
{
    private static readonly CancellationToken Token = CancellationToken.None;
    private static readonly DateTimeOffset Night = new(2026, 6, 11, 2, 47, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Night);
    private AppTables _tables = null!;
    private BlobContainerClient _container = null!;

    public async ValueTask InitializeAsync()
    {
        _tables = await azurite.TablesAsync();
        _container = new BlobContainerClient(azurite.ConnectionString, $"copies-{Guid.NewGuid():N}");
    }

    public async ValueTask DisposeAsync() => await _container.DeleteIfExistsAsync(cancellationToken: Token);

    [Fact]
    public async Task LostLedger_IsRestored_AndReconcilesToTheCent()
    {
        await using var oms = await OmsHarness.StartAsync();
        var settled = Settlements(seed: 20260610, count: 120);
        oms.Stub.Answer = OmsStub.Json(HttpStatusCode.OK, Listing(settled));
        await BookAsync(_tables, settled);
        var before = await ReconcileAsync(oms, _tables);
        var copy = await Copies(_tables).ExportAsync(Token);

        var empty = await azurite.TablesAsync();
        (await ReconcileAsync(oms, empty)).Missing.Should().HaveCount(120, "everything is lost");
        var restored = await Copies(empty).RestoreAsync(copy.Name, Token);
        var after = await ReconcileAsync(oms, empty);

        restored.Should().Be(new Restored(copy.Name, 120, 0));
        after.Should().BeEquivalentTo(before);
        after.Balanced.Should().BeTrue();
        after.Totals.Should().ContainSingle().Which.Difference.Should().Be(0m);
        after.Totals[0].Credited.Should().Be(settled.Sum(settlement => settlement.Net));
        (await AllAsync(empty)).Should().BeEquivalentTo(await AllAsync(_tables), "each row says what it said");
    }

    [Fact]
    public async Task Restore_RowsThatAreThere_StayAsTheyAre()
    {
        var ledger = Ledger(_tables);
        await ledger.KeepUnclaimedAsync(Money("txn_1", 10.01m), UnclaimedReason.NotBooked, Token);
        var copy = await Copies(_tables).ExportAsync(Token);
        await ledger.AttachAsync("txn_1", "ci-9", ByHand.With("TICKET-1"), Token);

        var restored = await Copies(_tables).RestoreAsync(copy.Name, Token);

        restored.Should().Be(new Restored(copy.Name, 0, 1));
        (await ledger.FindAsync("txn_1", Token))!.State.Should().Be(SettlementState.Attached,
            "what an operator decided since is newer than the copy");
    }

    [Fact]
    public async Task Copy_HoldsNoPersonalData_AndNoStartThatIsNotThrough()
    {
        var intakes = new Intakes(_tables, new EphemeralDataProtectionProvider());
        var person = new Sensitive<Applicant>(new Applicant { FirstName = "Canary", Email = "canary@example.com" });
        var started = new Intake
        {
            InstanceId = "ci-1",
            Orchestration = "CashIn",
            Input = "{}",
            Applicant = person,
            Supplement = person,
            ReceivedAt = Night,
            State = IntakeState.Started,
        };
        await intakes.AddAsync(started, Token);
        await intakes.AddAsync(started with { InstanceId = "ci-2", State = IntakeState.Accepted }, Token);

        var copy = await Copies(_tables).ExportAsync(Token);

        copy.Intakes.Should().Be(1);
        var text = await TextAsync(copy.Name);
        text.Should().Contain("ci-1").And.NotContain("ci-2");
        text.Should().NotContain("Canary").And.NotContain("CfDJ8", "what is encrypted is personal too, and a copy cannot be changed");
        foreach (var column in Intakes.NotCopiedColumns)
            text.Should().NotContain($"\"{column}\"");
        var empty = await azurite.TablesAsync();
        await Copies(empty).RestoreAsync(copy.Name, Token);
        (await new Intakes(empty, new EphemeralDataProtectionProvider()).FindAsync("ci-1", Token))
            .Should().BeEquivalentTo(started with { Applicant = null, Supplement = null }, options => options.Excluding(intake
                => intake.Row));
    }

    [Fact]
    public void PersonalColumns_AreAllThatAnIntakeEncrypts() => typeof(Intake).GetProperties()
        .Where(property => property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(Sensitive<>))
        .Select(property => property.Name).Should().BeEquivalentTo(Intakes.PersonalColumns);

    [Fact]
    public async Task Copy_ThatWasCutOff_IsRefusedBeforeAnythingIsPutBack()
    {
        await BookAsync(_tables, Settlements(seed: 1, count: 5));
        var copy = await Copies(_tables).ExportAsync(Token);
        var lines = (await TextAsync(copy.Name)).TrimEnd('\n').Split('\n');
        await PutAsync("cut", string.Join('\n', lines[..^1]) + "\n");
        await PutAsync("short", string.Join('\n', lines[1..]) + "\n");
        await _container.GetBlobClient("damaged").UploadAsync(BinaryData.FromString("no copy at all"), Token);
        var empty = await azurite.TablesAsync();

        foreach (var name in (string[])["cut", "short", "damaged", "never"])
        {
            var restore = () => Copies(empty).RestoreAsync(name, Token);
            await restore.Should().ThrowAsync<LedgerCopyException>(name);
        }

        (await AllAsync(empty)).Should().BeEmpty();
    }

    [Fact]
    public async Task Copy_IsNeverWrittenOver()
    {
        await BookAsync(_tables, Settlements(seed: 1, count: 1));
        await Copies(_tables).ExportAsync(Token);

        var again = () => Copies(_tables).ExportAsync(Token);

        (await again.Should().ThrowAsync<RequestFailedException>()).Which.Status
            .Should().Be(409, "its name is taken, and the container would refuse as well");
        (await Copies(_tables).ListAsync(Token)).Select(copy => copy.Name).Should().Equal("2026/06/11/024700.jsonl.gz");
    }

    [Fact]
    public void AnyRow_ReadsAsItWasWritten()
        => Gen.Select(Gen.String, Gen.Int, Gen.Long, Gen.Bool, Gen.DateTimeOffset).Sample(
            (text, number, big, flag, time) =>
            {
                var row = new TableEntity("p", "r")
                {
                    ["Text"] = text,
                    ["Number"] = number,
                    ["Long"] = big,
                    ["Flag"] = flag,
                    ["Time"] = time,
                };
                using var stream = new MemoryStream();
                var copy = new LedgerCopyWriter(stream, []);
                copy.WriteAsync("Settlements", row).GetAwaiter().GetResult();
                copy.EndAsync().GetAwaiter().GetResult();
                stream.Position = 0;
                var read = LedgerCopy.ReadAsync(stream, Token).ToBlockingEnumerable(Token).Single();
                return read.Table == "Settlements"
                    && read.Row.Count == row.Count
                    && row.All(pair => Equals(read.Row[pair.Key], pair.Value));
            },
            iter: 300);

    [Fact]
    public async Task CommandLine_ExportsListsAndRestores()
    {
        await BookAsync(_tables, Settlements(seed: 3, count: 7));
        await using var services = new ServiceCollection().AddSingleton(_tables).AddSingleton(Copies(_tables)).BuildServiceProvider();

        var exported = await RunAsync(services, "ledger", "export");
        var listed = await RunAsync(services, "ledger", "list");
        var restored = await RunAsync(services, "ledger", "restore", exported.Output!["name"]!.GetValue<string>());
        var unknown = await RunAsync(services, "ledger", "restore", "never");
        var wrong = await RunAsync(services, "ledger", "burn");

        exported.Output!["settlements"]!.GetValue<int>().Should().Be(7);
        listed.Output!.AsArray().Should().ContainSingle();
        restored.Output!["kept"]!.GetValue<int>().Should().Be(7);
        (exported.Exit, listed.Exit, restored.Exit).Should().Be((0, 0, 0));
        unknown.Should().Match<Answer>(answer => answer.Exit == 1 && answer.Errors.Contains("There is no copy never."));
        wrong.Should().Match<Answer>(answer => answer.Exit == 2 && answer.Errors.Contains("ledger restore NAME"));
    }

    [Fact]
    public async Task WithoutAPlaceForCopies_TheCommandSaysSo()
    {
        var nowhere = new LedgerCopies(
            _tables, null, false, BackupOptions.DefaultArchiveAfter, _clock, NullLogger<LedgerCopies>.Instance);
        await using var services = new ServiceCollection().AddSingleton(_tables).AddSingleton(nowhere).BuildServiceProvider();

        (await RunAsync(services, "ledger", "export")).Should().Match<Answer>(answer => answer.Exit == 1
            && answer.Errors.Contains("Backup:ContainerUri"));
    }

    private LedgerCopies Copies(AppTables tables)
        => new(tables, _container, true, BackupOptions.DefaultArchiveAfter, _clock, NullLogger<LedgerCopies>.Instance);

    private SettlementLedger Ledger(AppTables tables) => new(tables, _clock, NullLogger<SettlementLedger>.Instance);

    /// <summary>Amounts of every kind of cent; booked, attached by an operator, or dealt with elsewhere.</summary>
    private async Task BookAsync(AppTables tables, IReadOnlyList<Settlement> settled)
    {
        var ledger = Ledger(tables);
        foreach (var (settlement, kind) in settled.Select((settlement, index) => (settlement, index % 4)))
        {
            if (kind > 0)
            {
                await ledger.BookAsync(settlement, Token);
                continue;
            }

            await ledger.KeepUnclaimedAsync(settlement, UnclaimedReason.NotBooked, Token);
            await ledger.AttachAsync(settlement.TransactionId, settlement.InstanceId!, ByHand.With("TICKET-2"), Token);
        }
    }

    private async Task<ReconciliationReport> ReconcileAsync(OmsHarness oms, AppTables tables)
    {
        var ledger = Ledger(tables);
        var watch = Watching.For(oms.Client, ledger);
        var open = new OpenTransactions(tables, watch, TimeProvider.System, NullLogger<OpenTransactions>.Instance);
        var options = new FixedOptions<LedgerOptions>(new());
        var reconciliation = new Reconciliation(
            oms.Client, ledger, watch, open, options, TimeProvider.System, NullLogger<Reconciliation>.Instance);
        return await reconciliation.RunAsync(Night.AddDays(-1), Night, keep: false, Token);
    }

    private static async Task<IReadOnlyList<SettlementRecord>> AllAsync(AppTables tables)
    {
        var rows = new List<SettlementRecord>();
        await foreach (var row in tables.Settlements.QueryAsync<TableEntity>(cancellationToken: Token))
            rows.Add(SettlementRow.Read(row));
        return rows;
    }

    private static List<Settlement> Settlements(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(number => Money($"txn_{number}", random.Next(1, 100_000_00) / 100m))];
    }

    private static Settlement Money(string id, decimal net)
        => new(id, "ci_" + id, "cst_1", net + 2m, 2m, net, "usdc", "polygon", null, Night.AddHours(-1), "journey-" + id);

    /// <summary>What OMS lists of these settlements.</summary>
    private static string Listing(IEnumerable<Settlement> settled) => new JsonObject
    {
        ["data"] = new JsonArray([.. settled.Select(settlement =>
        {
            var transaction = Fixture.Node("resources/transaction.fiatToCrypto.completed.json").AsObject();
            transaction["id"] = settlement.TransactionId;
            transaction["cashInId"] = settlement.CashInId;
            transaction["destination"]!["amountNet"] = settlement.Net.ToString(CultureInfo.InvariantCulture);
            transaction["createdAt"] = settlement.SettledAt.ToString("O");
            transaction["completedAt"] = settlement.SettledAt.ToString("O");
            return transaction;
        })]),
        ["hasMore"] = false,
    }.ToJsonString();

    private async Task<string> TextAsync(string name)
    {
        await using var stream = await _container.GetBlobClient(name).OpenReadAsync(cancellationToken: Token);
        await using var zip = new GZipStream(stream, CompressionMode.Decompress);
        using var text = new StreamReader(zip);
        return await text.ReadToEndAsync(Token);
    }

    private async Task PutAsync(string name, string text)
    {
        using var stream = new MemoryStream();
        await using (var zip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))
        await using (var writer = new StreamWriter(zip))
            await writer.WriteAsync(text);
        await _container.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(stream.ToArray()), Token);
    }

    private static async Task<Answer> RunAsync(IServiceProvider services, params string[] command)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var exit = await OperationsCommand.TryRunAsync(command, services, output, errors, Token);
        return new Answer(exit!.Value, output.ToString() is { Length: > 0 } text ? JsonNode.Parse(text) : null, errors.ToString());
    }

    private sealed record Answer(int Exit, JsonNode? Output, string Errors);
}
