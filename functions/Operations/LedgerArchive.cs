using System.Globalization;
using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Operations;

/// <summary>
/// The settlements of each month that is over, in one file a month, which is written once and kept when the copies of its time have gone
/// (docs/decisions/0016-settlements-by-month.md). It is made while a copy goes through all rows, so it costs no reading of its own.
/// </summary>
internal sealed class LedgerArchive : IAsyncDisposable
{
    /// <summary>What the names of archives begin with.</summary>
    public const string Folder = "archive/";

    /// <summary>The metadata that says what the file hashes to.</summary>
    public const string Hash = "sha256";

    private readonly BlobContainerClient _container;
    private readonly string _before;
    private readonly HashSet<string> _kept;
    private readonly SortedDictionary<string, (FileStream File, LedgerCopyWriter Copy)> _months = new(StringComparer.Ordinal);

    private LedgerArchive(BlobContainerClient container, string before, HashSet<string> kept)
        => (_container, _before, _kept) = (container, before, kept);

    /// <summary>Begins the archives of the months that were over before a time and have none.</summary>
    public static async Task<LedgerArchive> BeginAsync(
        BlobContainerClient container, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var kept = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var blob in container.GetBlobsAsync(
            BlobTraits.None, BlobStates.None, Folder, cancellationToken))
            kept.Add(blob.Name);
        return new(container, NameOf(before), kept);
    }

    /// <summary>
    /// Writes a settlement into the archive of the month in which the ledger came to know it: no later row belongs to a month that is over.
    /// </summary>
    public async Task TakeAsync(TableEntity settlement)
    {
        // A row that is damaged belongs to no month; the nightly copy has it.
        if (settlement.Time("RecordedAt") is not { } recordedAt)
            return;
        var name = NameOf(recordedAt);
        if (string.CompareOrdinal(name, _before) >= 0 || _kept.Contains(name))
            return;
        if (!_months.TryGetValue(name, out var month))
        {
            var file = LedgerCopies.TemporaryFile();
            month = _months[name] = (file, new LedgerCopyWriter(file, []));
        }

        await month.Copy.WriteAsync(nameof(AppTables.Settlements), settlement);
    }

    /// <summary>Keeps the archives that were begun, and reads each again: what is kept for years has to be what was written.</summary>
    /// <exception cref="LedgerCopyException">One is not.</exception>
    public async Task<IReadOnlyList<MonthArchived>> KeepAsync(CancellationToken cancellationToken)
    {
        var archived = new List<MonthArchived>();
        foreach (var (name, (file, copy)) in _months)
        {
            await copy.EndAsync();
            var hash = await HashAsync(LedgerCopies.Rewound(file), cancellationToken);
            var settlements = copy.Count(nameof(AppTables.Settlements));
            var once = new BlobUploadOptions
            {
                Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
                Metadata = new Dictionary<string, string> { [Hash] = hash },
            };
            var blob = _container.GetBlobClient(name);
            await blob.UploadAsync(LedgerCopies.Rewound(file), once, cancellationToken);
            await using var kept = await blob.OpenReadAsync(cancellationToken: cancellationToken);
            if (await HashAsync(kept, cancellationToken) != hash)
                throw new LedgerCopyException($"The archive {name} is not what was written: its hash is another.");
            archived.Add(new(name, settlements, hash));
        }

        return archived;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (file, copy) in _months.Values)
        {
            await copy.DisposeAsync();
            await file.DisposeAsync();
        }
    }

    /// <summary>SHA-256, in lower-case hexadecimal digits.</summary>
    public static async Task<string> HashAsync(Stream stream, CancellationToken cancellationToken)
        => Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));

    private static string NameOf(DateTimeOffset time)
        => $"{Folder}{time.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture)}.jsonl.gz";
}

/// <summary>A month that was archived.</summary>
/// <param name="Name">What it is restored by.</param>
/// <param name="Settlements">Rows of the ledger in it.</param>
/// <param name="Sha256">What the file hashes to, in lower-case hexadecimal digits.</param>
public sealed record MonthArchived(string Name, int Settlements, string Sha256);
