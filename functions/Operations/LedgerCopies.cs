using System.Globalization;
using System.Net;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Operations;

/// <summary>
/// Copies of what cannot be asked for again: which journey each settlement was credited to, and what each journey was started with.
/// Personal
/// data stays out of them, because a copy cannot be changed for as long as it lives. docs/operations.md says how to restore one.
/// </summary>
public sealed class LedgerCopies
{
    /// <summary>Rows that are put back at a time.</summary>
    private const int AtOnce = 16;

    private readonly AppTables _tables;
    private readonly BlobContainerClient? _container;
    private readonly bool _makeContainer;
    private readonly TimeSpan _archiveAfter;
    private readonly TimeProvider _clock;
    private readonly ILogger<LedgerCopies> _logger;

    /// <param name="tables">What is copied.</param>
    /// <param name="container">Where copies are kept; null if they are not.</param>
    /// <param name="makeContainer">Whether the container may have to be made first.</param>
    /// <param name="archiveAfter">How long after its end a month is archived.</param>
    /// <param name="clock">Names the copies.</param>
    /// <param name="logger">Told of every copy.</param>
    internal LedgerCopies(
        AppTables tables,
        BlobContainerClient? container,
        bool makeContainer,
        TimeSpan archiveAfter,
        TimeProvider clock,
        ILogger<LedgerCopies> logger)
        => (_tables, _container, _makeContainer, _archiveAfter, _clock, _logger)
            = (tables, container, makeContainer, archiveAfter, clock, logger);

    /// <summary>Whether there is a place for copies.</summary>
    public bool AreKept => _container is not null;

    private BlobContainerClient Container =>
        _container ?? throw new LedgerCopyException("No copies of the ledger are kept: set Backup:ContainerUri.");

    /// <summary>
    /// Makes a copy, named by the time (UTC), and on the way the archives of the months that are due. It is whole or it is not there.
    /// </summary>
    /// <exception cref="LedgerCopyException">There is no place for copies, or an archive is not what was written.</exception>
    public async Task<CopyMade> ExportAsync(CancellationToken cancellationToken)
    {
        var container = Container;
        if (_makeContainer)
            await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        var name = _clock.GetUtcNow().ToString("yyyy/MM/dd/HHmmss", CultureInfo.InvariantCulture) + ".jsonl.gz";
        await using var archives = await LedgerArchive.BeginAsync(container, _clock.GetUtcNow() - _archiveAfter, cancellationToken);
        await using var file = TemporaryFile();
        await using var copy = new LedgerCopyWriter(file, Intakes.NotCopiedColumns);
        await foreach (var (table, row) in RowsAsync(cancellationToken))
        {
            await copy.WriteAsync(table, row);
            if (table == nameof(AppTables.Settlements))
                await archives.TakeAsync(row);
        }

        await copy.EndAsync();
        var (settlements, intakes) = (copy.Count(nameof(AppTables.Settlements)), copy.Count(nameof(AppTables.Intakes)));
        var bytes = file.Length;
        var once = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };
        await container.GetBlobClient(name).UploadAsync(Rewound(file), once, cancellationToken);
        _logger.LedgerCopied(name, settlements, intakes);
        var archived = await archives.KeepAsync(cancellationToken);
        foreach (var month in archived)
            _logger.MonthArchived(month.Name, month.Settlements, month.Sha256);
        return new CopyMade(name, settlements, intakes, bytes, archived);
    }

    /// <summary>The copies there are, oldest first.</summary>
    /// <exception cref="LedgerCopyException">There is no place for copies.</exception>
    public async Task<IReadOnlyList<CopyKept>> ListAsync(CancellationToken cancellationToken)
    {
        var copies = new List<CopyKept>();
        await foreach (var blob in Container.GetBlobsAsync(cancellationToken: cancellationToken))
            copies.Add(new CopyKept(blob.Name, blob.Properties.ContentLength ?? 0));
        return copies;
    }

    /// <summary>
    /// Puts back the rows of a copy that are missing. A row that is there stays as it is: it is newer. So a restore may be repeated, and
    /// may run
    /// while the app does.
    /// </summary>
    /// <exception cref="LedgerCopyException">There is no such copy, or it is not whole; then nothing was put back.</exception>
    public async Task<Restored> RestoreAsync(string name, CancellationToken cancellationToken)
    {
        await using var file = TemporaryFile();
        await DownloadAsync(name, file, cancellationToken);
        // Once to see that it is whole, then once more to use it.
        await foreach (var (table, _) in LedgerCopy.ReadAsync(Rewound(file), cancellationToken))
            _ = Table(table);

        await _tables.CreateAsync(cancellationToken);
        await IndexFill.StartOverAsync(_tables, cancellationToken);
        var (added, kept) = (0, 0);
        var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(LedgerCopy.ReadAsync(Rewound(file), cancellationToken), limits, async (entry, token) =>
        {
            if (await AddAsync(Table(entry.Table), entry.Row, token))
                Interlocked.Increment(ref added);
            else
                Interlocked.Increment(ref kept);
        });
        _logger.LedgerRestored(name, added, kept);
        return new Restored(name, added, kept);
    }

    /// <summary>
    /// Starts that are not through are left out: without the applicant they could not go on, and their callers repeat them.
    /// </summary>
    private async IAsyncEnumerable<(string Table, TableEntity Row)> RowsAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var settled = TableClient.CreateQueryFilter($"RowKey eq {SettlementRow.RowKey}");
        await foreach (var row in _tables.Settlements.QueryAsync<TableEntity>(settled, cancellationToken: cancellationToken))
            yield return (nameof(AppTables.Settlements), row);
        var pending = await new JourneyIndex(_tables).ReadPendingAsync(cancellationToken);
        await foreach (var row in _tables.Intakes.QueryAsync<TableEntity>(cancellationToken: cancellationToken))
            if (!pending.Contains(row.PartitionKey))
                yield return (nameof(AppTables.Intakes), row);
    }

    private TableClient Table(string name) => name switch
    {
        nameof(AppTables.Settlements) => _tables.Settlements,
        nameof(AppTables.Intakes) => _tables.Intakes,
        _ => throw new LedgerCopyException("The copy has rows of a table that this version does not know."),
    };

    private async Task DownloadAsync(string name, FileStream file, CancellationToken cancellationToken)
    {
        try
        {
            var blob = Container.GetBlobClient(name);
            await blob.DownloadToAsync(file, cancellationToken);
            var known = (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value.Metadata;
            if (known.TryGetValue(LedgerArchive.Hash, out var hash)
                && hash != await LedgerArchive.HashAsync(Rewound(file), cancellationToken))
                throw new LedgerCopyException($"The archive {name} is not what was written: its hash is another.");
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.NotFound)
        {
            throw new LedgerCopyException($"There is no copy {name}.", e);
        }
    }

    /// <summary>False if the row is there.</summary>
    private static Task<bool> AddAsync(TableClient table, TableEntity row, CancellationToken cancellationToken)
    {
        // No list names it yet.
        row.Remove(IndexFill.Indexed);
        return table.TryAddAsync(row, cancellationToken);
    }

    internal static FileStream Rewound(FileStream file)
    {
        file.Position = 0;
        return file;
    }

    /// <summary>Gone when it is closed, and nobody else's to read.</summary>
    internal static FileStream TemporaryFile()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), options);
    }
}

/// <summary>A copy that was made.</summary>
/// <param name="Name">What it is restored by.</param>
/// <param name="Settlements">Rows of the ledger in it.</param>
/// <param name="Intakes">Rows of started journeys in it.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Archived">Months that were archived along with it.</param>
public sealed record CopyMade(string Name, int Settlements, int Intakes, long Bytes, IReadOnlyList<MonthArchived> Archived);

/// <summary>A copy that is kept.</summary>
/// <param name="Name">What it is restored by.</param>
/// <param name="Bytes">Its size.</param>
public sealed record CopyKept(string Name, long Bytes);

/// <summary>What a restore did.</summary>
/// <param name="Name">The copy.</param>
/// <param name="Added">Rows that were missing.</param>
/// <param name="Kept">Rows that were there, and stayed as they are.</param>
public sealed record Restored(string Name, int Added, int Kept);
