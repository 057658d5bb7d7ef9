using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Microsoft.AspNetCore.DataProtection;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Journeys;

/// <summary>
/// The intake rows. What is personal in them is encrypted with Data Protection before it leaves the process
/// (docs/decisions/0005-personal-data.md).
/// </summary>
public sealed class Intakes(AppTables tables, IDataProtectionProvider protection)
{
    private const string RowKey = "intake";

    private static readonly string[] PlainColumns =
        ["PartitionKey", "RowKey", "Timestamp", .. Plain(
            new() { InstanceId = "", Orchestration = "", Input = "" }).Select(each => each.Column)];
    /// <summary>Columns that hold personal data, encrypted; nothing that cannot be deleted may hold them.</summary>
    internal static readonly string[] PersonalColumns = [nameof(Intake.Applicant), nameof(Intake.Supplement), nameof(Intake.StoreNear)];

    private readonly IDataProtector _protector = protection.CreateProtector("OmsWorkflows.Intake");

    /// <summary>Stores a new intake; <see langword="false"/> if one with its id exists.</summary>
    public async Task<bool> AddAsync(Intake intake, CancellationToken cancellationToken)
    {
        try
        {
            await tables.Intakes.AddEntityAsync(Write(intake), cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    /// <summary>Reads an intake; <see langword="null"/> if there is none.</summary>
    public async Task<Intake?> FindAsync(string instanceId, CancellationToken cancellationToken)
    {
        var row = await tables.Intakes.GetEntityIfExistsAsync<TableEntity>(
            TableKey.Of(instanceId), RowKey, cancellationToken: cancellationToken);
        return row.HasValue ? Read(row.Value!) : null;
    }

    /// <summary>Reads the intake of a journey that runs.</summary>
    /// <exception cref="InvalidOperationException">There is no such intake.</exception>
    public async Task<Intake> GetAsync(string instanceId, CancellationToken cancellationToken)
        => await FindAsync(instanceId, cancellationToken)
            ?? throw new InvalidOperationException($"There is no intake for journey {instanceId}.");

    /// <summary>Changes an intake; tried again when somebody else changed it in between.</summary>
    /// <returns>The intake as stored.</returns>
    /// <exception cref="InvalidOperationException">There is no such intake.</exception>
    public async Task<Intake> UpdateAsync(string instanceId, Func<Intake, Intake> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = await GetAsync(instanceId, cancellationToken);
            var changed = change(found);
            if (changed == found)
                return found;

            var row = Overlay(found, changed);
            try
            {
                await tables.Intakes.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, cancellationToken);
                return changed;
            }
            catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.PreconditionFailed)
            {
                // Somebody else was faster: read again and apply the change to what they wrote.
            }
        }
    }

    /// <summary>
    /// Keeps what a caller supplied, on top of what was supplied before and is not sent yet; <see langword="false"/> when the journey is
    /// closed, and then nothing is kept.
    /// </summary>
    /// <param name="instanceId">The journey.</param>
    /// <param name="supplementId">The command; the same one again changes nothing.</param>
    /// <param name="supplied">The applicant's fields that change.</param>
    public async Task<bool> SupplyAsync(string instanceId, string supplementId, Applicant supplied, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(supplied);
        var stored = await UpdateAsync(instanceId, Supply, cancellationToken);
        return !stored.Closed;

        Intake Supply(Intake row) => row.Closed || row.SupplementId == supplementId
            ? row
            : row with { Supplement = new(supplied.Over(row.Supplement?.Reveal())), SupplementId = supplementId };
    }

    /// <summary>Deletes what was supplied, once it was sent, unless something was supplied since.</summary>
    public Task ForgetSupplementAsync(string instanceId, string? supplementId, CancellationToken cancellationToken)
        => UpdateAsync(instanceId, row => row.SupplementId == supplementId ? row with { Supplement = null } : row, cancellationToken);

    /// <summary>Deletes what personal data an intake still holds, for good: from now on nothing personal is put into it.</summary>
    public Task ForgetPersonAsync(string instanceId, CancellationToken cancellationToken) => UpdateAsync(
        instanceId, row => row with { Applicant = null, Supplement = null, StoreNear = null, Closed = true }, cancellationToken);

    /// <summary>
    /// Intakes that were stored before <paramref name="before"/> and never started: their start was lost in a crash. Nothing personal is
    /// read.
    /// </summary>
    public async IAsyncEnumerable<Intake> LostAsync(DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"State eq {nameof(IntakeState.Accepted)} and ReceivedAt lt {before}");
        await foreach (var row in tables.Intakes.QueryAsync<TableEntity>(
            filter, select: PlainColumns, cancellationToken: cancellationToken))
            yield return Read(row);
    }

    /// <summary>One page of intakes, in no particular order. Nothing personal is read.</summary>
    /// <param name="wanted">Which.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="after">The token of the page before.</param>
    /// <returns>The intakes, and the token of the next page if there is one.</returns>
    public async Task<(IReadOnlyList<Intake> Page, string? Next)> ListAsync(
        IntakeFilter wanted, int limit, string? after, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var filter = string.Join(" and ", Conditions(wanted));
        await foreach (var page in tables.Intakes.QueryAsync<TableEntity>(
            filter, limit, PlainColumns, cancellationToken).AsPages(after, limit))
            return ([.. page.Values.Select(Read)], page.ContinuationToken);
        return ([], null);
    }

    private static IEnumerable<string> Conditions(IntakeFilter wanted)
    {
        yield return TableClient.CreateQueryFilter($"RowKey eq {RowKey}");
        if (wanted.Orchestration is { } orchestration)
            yield return TableClient.CreateQueryFilter($"Orchestration eq {orchestration}");
        if (wanted.CustomerId is { } customerId)
            yield return TableClient.CreateQueryFilter($"CustomerId eq {customerId}");
        if (wanted.From is { } from)
            yield return TableClient.CreateQueryFilter($"ReceivedAt ge {from}");
        if (wanted.To is { } to)
            yield return TableClient.CreateQueryFilter($"ReceivedAt le {to}");
    }

    private static IEnumerable<(string Column, object? Value)> Plain(Intake intake) =>
    [
        ("InstanceId", intake.InstanceId),
        ("Orchestration", intake.Orchestration),
        ("RequestHash", intake.RequestHash),
        ("Input", intake.Input),
        ("ReceivedAt", intake.ReceivedAt),
        ("State", intake.State.ToString()),
        ("SupplementId", intake.SupplementId),
        ("Closed", intake.Closed),
        ("CustomerId", intake.CustomerId),
        ("LocationId", intake.LocationId),
        ("LocationReference", intake.LocationReference),
        ("CashInRequestedAt", intake.CashInRequestedAt),
    ];

    private TableEntity Write(Intake intake)
    {
        var row = new TableEntity(TableKey.Of(intake.InstanceId), RowKey);
        foreach (var (column, value) in Plain(intake))
            row.Put(column, value);
        row.Put(nameof(Intake.Applicant), Protect(intake.Applicant));
        row.Put(nameof(Intake.Supplement), Protect(intake.Supplement));
        row.Put(nameof(Intake.StoreNear), Protect(intake.StoreNear));
        return row;
    }

    /// <summary>
    /// The row that was read, with what changed: columns of a newer version stay, and what is not changed is neither decrypted nor
    /// encrypted.
    /// </summary>
    private TableEntity Overlay(Intake found, Intake changed)
    {
        var row = new TableEntity(found.Row) { ETag = found.Row!.ETag };
        foreach (var ((column, before), (_, after)) in Plain(found).Zip(Plain(changed)))
            if (!Equals(before, after))
                row.Put(column, after);
        PutSensitive(nameof(Intake.Applicant), found.Applicant, changed.Applicant);
        PutSensitive(nameof(Intake.Supplement), found.Supplement, changed.Supplement);
        PutSensitive(nameof(Intake.StoreNear), found.StoreNear, changed.StoreNear);
        return row;

        void PutSensitive<T>(string column, Sensitive<T>? before, Sensitive<T>? after)
            where T : class
        {
            if (!ReferenceEquals(before, after))
                row.Put(column, Protect(after));
        }
    }

    private Intake Read(TableEntity row) => new()
    {
        InstanceId = row.Text("InstanceId") ?? row.PartitionKey,
        Orchestration = row.Text("Orchestration") ?? "",
        RequestHash = row.Text("RequestHash") ?? "",
        Input = row.Text("Input") ?? "",
        ReceivedAt = row.Time("ReceivedAt") ?? DateTimeOffset.UnixEpoch,
        State = KnownNames.Of<IntakeState>(row.Text("State")),
        Applicant = Unprotect<Applicant>(row.Text("Applicant")),
        Supplement = Unprotect<Applicant>(row.Text("Supplement")),
        SupplementId = row.Text("SupplementId"),
        Closed = row.Flag("Closed") ?? false,
        StoreNear = Unprotect<Place>(row.Text("StoreNear")),
        CustomerId = row.Text("CustomerId"),
        LocationId = row.Text("LocationId"),
        LocationReference = row.Text("LocationReference"),
        CashInRequestedAt = row.Time("CashInRequestedAt"),
        Row = row,
    };

    private string? Protect<T>(Sensitive<T>? value)
        where T : class => value is null ? null : _protector.Protect(JsonSerializer.Serialize(value.Reveal()));

    /// <summary>Decrypts when an activity asks, not before: one row that cannot be read must not stop whoever reads many.</summary>
    private Sensitive<T>? Unprotect<T>(string? text)
        where T : class
    {
        return text is null ? null : new(Open);

        T Open() => JsonSerializer.Deserialize<T>(_protector.Unprotect(text))!;
    }
}
