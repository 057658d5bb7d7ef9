using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Journeys;

/// <summary>
/// What a journey is found by in place of an e-mail address: its keyed hash, which nobody can guess his way back from. The key is made
/// once, by chance, and stands in the tables encrypted as the intakes are (docs/decisions/0005-personal-data.md).
/// </summary>
internal sealed class EmailHash(AppTables tables, IDataProtectionProvider protection, ILogger logger)
{
    private const string Partition = "keys";
    private const string RowKey = "email";
    private const string Column = "Key";
    private const int KeyBytes = 32;

    private readonly IDataProtector _protector = protection.CreateProtector("OmsWorkflows.EmailHash");
    private volatile byte[]? _key;

    /// <summary>The hash of an address, however it is cased; null for none, or while the key cannot be read.</summary>
    public async Task<string?> OfAsync(string? email, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(email) || await KeyAsync(cancellationToken) is not { } key)
            return null;
        return $"email-{Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(email.Trim().ToLowerInvariant())))}";
    }

    private async Task<byte[]?> KeyAsync(CancellationToken cancellationToken)
    {
        while (_key is null)
        {
            var row = await tables.Index.GetEntityIfExistsAsync<TableEntity>(Partition, RowKey, cancellationToken: cancellationToken);
            if (row.HasValue)
                return Open(row.Value!);
            // Where another instance was faster, theirs is read.
            var key = RandomNumberGenerator.GetBytes(KeyBytes);
            var made = new TableEntity(Partition, RowKey) { [Column] = _protector.Protect(key) };
            if (await tables.Index.TryAddAsync(made, cancellationToken))
                _key = key;
        }

        return _key;
    }

    /// <summary>A vault that does not answer looks like a key that is gone, so nothing is put in its place.</summary>
    private byte[]? Open(TableEntity row)
    {
        try
        {
            return _key = _protector.Unprotect(row.GetBinary(Column) ?? []);
        }
        catch (CryptographicException e)
        {
            logger.EmailKeyUnreadable(e);
            return null;
        }
    }
}
