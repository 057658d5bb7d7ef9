using System.Security.Cryptography;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Functions.Tests.Ledger;
using OmsWorkflows.Functions.Tests.Tables;
using OmsWorkflows.Ledger;
using OmsWorkflows.Operations;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Functions.Tests.Operations;

/// <summary>Months of the ledger that are over, on Azurite.</summary>
public sealed class LedgerArchiveTests(Azurite azurite) : IAsyncLifetime
{
    private const string April = "archive/2026-04.jsonl.gz";
    private const string May = "archive/2026-05.jsonl.gz";

    private static readonly CancellationToken Token = CancellationToken.None;
    private static readonly DateTimeOffset Spring = new(2026, 4, 10, 12, 0, 0, TimeSpan.Zero);

    private FakeTimeProvider _clock = new(Spring);
    private AppTables _tables = null!;
    private BlobContainerClient _container = null!;

    private LedgerCopies Copies
        => new(_tables, _container, true, BackupOptions.DefaultArchiveAfter, _clock, NullLogger<LedgerCopies>.Instance);

    private SettlementLedger Ledger => LedgerOn(_tables);

    public async ValueTask InitializeAsync()
    {
        _tables = await azurite.TablesAsync();
        _container = new BlobContainerClient(azurite.ConnectionString, $"archive-{Guid.NewGuid():N}");
    }

    public async ValueTask DisposeAsync() => await _container.DeleteIfExistsAsync(cancellationToken: Token);

    [Fact]
    public async Task A_month_is_archived_once_when_it_has_been_over_for_long_enough()
    {
        await Ledger.BookAsync(Money("txn_april"), Token);
        _clock.Advance(TimeSpan.FromDays(30));
        await Ledger.BookAsync(Money("txn_may"), Token);

        (await ArchivedOnAsync(29, 5)).Should().BeEmpty("April has been over for 28 days");
        (await ArchivedOnAsync(31, 5)).Select(month => (month.Name, month.Settlements)).Should().Equal((April, 1));
        (await ArchivedOnAsync(1, 6)).Should().BeEmpty("April is archived, and May is not due");
        (await ArchivedOnAsync(1, 7)).Select(month => (month.Name, month.Settlements)).Should().Equal((May, 1));
    }

    [Fact]
    public async Task An_archive_costs_what_its_month_holds_whatever_else_the_ledger_does()
    {
        var (few, many) = (await ArchiveMayBesideAsync(1), await ArchiveMayBesideAsync(400));

        many.Should().Be(few);
        many.Settlements.Should().Be(10);
    }

    [Fact]
    public async Task An_archive_says_what_it_hashes_to_and_is_never_written_over()
    {
        await Ledger.BookAsync(Money("txn_april"), Token);
        var archived = (await ArchivedOnAsync(31, 5)).Should().ContainSingle().Which;
        var blob = _container.GetBlobClient(April);

        var kept = (await blob.DownloadContentAsync(Token)).Value;
        Convert.ToHexStringLower(SHA256.HashData(kept.Content)).Should().Be(archived.Sha256);
        kept.Details.Metadata["sha256"].Should().Be(archived.Sha256);
        await Ledger.BookAsync(Money("txn_late"), Token);
        await ArchivedOnAsync(2, 6);
        (await blob.DownloadContentAsync(Token)).Value.Content.ToArray().Should().Equal(kept.Content.ToArray());
    }

    [Fact]
    public async Task What_is_archived_stays_in_the_ledger_and_its_state_there_is_the_newer_one()
    {
        await Ledger.KeepUnclaimedAsync(Money("txn_april") with { InstanceId = null }, UnclaimedReason.NotBooked, Token);
        await ArchivedOnAsync(31, 5);
        await Ledger.AttachAsync("txn_april", "ci-9", ByHand.With("TICKET-1"), Token);

        (await Ledger.FindAsync("txn_april", Token))!.State.Should().Be(SettlementState.Attached);
        (await Ledger.Lists.ListAsync(SettlementState.Attached, 10, null, Token)).Page.Should().ContainSingle();
        (await Ledger.Lists.ListIdsAsync(Spring.AddDays(-1), Spring.AddDays(1), Token).CountAsync(Token))
            .Should().Be(1, "reconciliations read it");
    }

    [Fact]
    public async Task A_lost_month_is_restored_from_its_archive_alone()
    {
        foreach (var id in (string[])["txn_1", "txn_2", "txn_3"])
            await Ledger.BookAsync(Money(id), Token);
        await ArchivedOnAsync(31, 5);
        var before = await Ledger.FindAsync("txn_2", Token);
        var empty = await azurite.TablesAsync();
        var copies = new LedgerCopies(
            empty, _container, true, BackupOptions.DefaultArchiveAfter, _clock, NullLogger<LedgerCopies>.Instance);

        (await copies.RestoreAsync(April, Token)).Should().Be(new Restored(April, 3, 0));

        (await LedgerOn(empty).FindAsync("txn_2", Token)).Should().BeEquivalentTo(before);
    }

    [Fact]
    public async Task An_archive_that_somebody_changed_is_not_restored()
    {
        await Ledger.BookAsync(Money("txn_1"), Token);
        await Ledger.BookAsync(Money("txn_2"), Token);
        await ArchivedOnAsync(31, 5);
        var blob = _container.GetBlobClient(April);
        var properties = (await blob.GetPropertiesAsync(cancellationToken: Token)).Value;
        var copy = (await EmptyArchiveAsync()).ToArray();
        await blob.UploadAsync(new BinaryData(copy), overwrite: true, Token);
        await blob.SetMetadataAsync(properties.Metadata, cancellationToken: Token);

        await FluentActions.Awaiting(() => Copies.RestoreAsync(April, Token))
            .Should().ThrowAsync<LedgerCopyException>().WithMessage("*its hash is another*");
    }

    /// <summary>Runs the nightly copy on a day of 2026.</summary>
    private async Task<IReadOnlyList<MonthArchived>> ArchivedOnAsync(int day, int month)
    {
        _clock.SetUtcNow(new DateTimeOffset(2026, month, day, 2, 47, 0, TimeSpan.Zero));
        return (await Copies.ExportAsync(Token)).Archived;
    }

    /// <summary>
    /// Archives ten settlements of May beside others of April, which is archived, and of June, which is not due. Answers the rows in the
    /// archive; the requests to the store of files, those for the nightly copy included; and what the archive asked the tables for,
    /// compared with the copy of the next night.
    /// </summary>
    private async Task<(int Settlements, int FileRequests, int TableRequests)> ArchiveMayBesideAsync(int others)
    {
        _clock = new(Spring);
        var (traffic, files) = (new TableTraffic(), new Counter { InnerHandler = new SocketsHttpHandler() });
        _tables = new InMemoryTables().Open(traffic);
        await _container.DeleteIfExistsAsync(cancellationToken: Token);
        _container = new BlobContainerClient(
            azurite.ConnectionString,
            $"archive-{Guid.NewGuid():N}",
            new BlobClientOptions { Transport = new HttpClientTransport(new HttpClient(files)) });
        foreach (var (month, settlements) in (IEnumerable<(int, int)>)[(4, others), (5, 10), (6, others)])
        {
            _clock.SetUtcNow(new DateTimeOffset(2026, month, 10, 12, 0, 0, TimeSpan.Zero));
            foreach (var number in Enumerable.Range(0, settlements))
                await Ledger.BookAsync(Money($"txn_{month}_{number}"), Token);
            if (month == 5)
                (await ArchivedOnAsync(31, 5)).Should().ContainSingle().Which.Name.Should().Be(April);
        }

        traffic.Reset();
        files.Requests = 0;
        var archived = (await ArchivedOnAsync(1, 7)).Should().ContainSingle().Which;
        var (asked, filed) = (traffic.Requests, files.Requests);
        traffic.Reset();
        (await ArchivedOnAsync(2, 7)).Should().BeEmpty();
        return (archived.Settlements, filed, asked - traffic.Requests);
    }

    private sealed class Counter : DelegatingHandler
    {
        public int Requests { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests++;
            return base.SendAsync(request, cancellationToken);
        }
    }

    private static async Task<MemoryStream> EmptyArchiveAsync()
    {
        var stream = new MemoryStream();
        await using var copy = new LedgerCopyWriter(stream, []);
        await copy.EndAsync();
        return stream;
    }

    private SettlementLedger LedgerOn(AppTables tables) => new(tables, _clock, NullLogger<SettlementLedger>.Instance);

    private static Settlement Money(string id)
        => new(id, "ci_" + id, "cst_1", 120m, 2.30m, 117.70m, "usdc", "polygon", null, Spring, "journey-" + id);
}
