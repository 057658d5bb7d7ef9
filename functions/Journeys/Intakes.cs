using System.Net;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Journeys;

/// <summary>
/// The intake rows. What is personal in them is encrypted with Data Protection before it leaves the process
/// (docs/decisions/0005-personal-data.md).
/// </summary>
public sealed class Intakes(AppTables tables, IDataProtectionProvider protection, ILogger<Intakes>? logger = null)
{
    private const string RowKey = "intake";

    /// <summary>Columns that hold nothing personal.</summary>
    internal static readonly string[] PlainColumns =
        ["PartitionKey", "RowKey", "Timestamp", .. Plain(
            new() { InstanceId = "", Orchestration = "", Input = "" }).Select(each => each.Column)];

    /// <summary>Columns that hold personal data, encrypted; nothing that cannot be deleted may hold them.</summary>
    internal static readonly string[] PersonalColumns = [nameof(Intake.Applicant), nameof(Intake.Supplement), nameof(Intake.StoreNear)];

    /// <summary>Columns that a copy that cannot be deleted must not hold: what is personal, and what a person is found by.</summary>
    internal static readonly string[] NotCopiedColumns = [.. PersonalColumns, nameof(Intake.FoundBy)];

    private readonly EmailHash _emails = new(tables, protection, logger ?? NullLogger<Intakes>.Instance);
    private readonly IDataProtector _protector = protection.CreateProtector("OmsWorkflows.Intake");

    /// <summary>The lists that the intakes stand in.</summary>
    public JourneyIndex Index { get; } = new(tables);

    /// <summary>Stores a new intake; <see langword="false"/> if one with its id exists.</summary>
    public async Task<bool> AddAsync(Intake intake, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intake);
        var values = await FoundByAsync(intake.Applicant?.Reveal(), cancellationToken);
        intake = intake with { FoundBy = FoundLists.Join(values) };

        // The index first: what it names and is not there is passed over, what it does not name would be there for nobody.
        await Index.AddAsync(intake, cancellationToken);
        // That it is still to be started, its list says; with the start nothing has to be written here.
        var row = Write(intake);
        if (intake.State == IntakeState.Accepted)
            row["State"] = nameof(IntakeState.Started);
        if (await tables.Intakes.TryAddAsync(row, cancellationToken))
            return true;

        var there = await FindAsync(intake.InstanceId, cancellationToken);
        if (there is not null && there.ReceivedAt != intake.ReceivedAt)
            await Index.TakeBackAsync(intake, cancellationToken);
        return false;
    }

    /// <summary>Reads an intake; <see langword="null"/> if there is none.</summary>
    public async Task<Intake?> FindAsync(string instanceId, CancellationToken cancellationToken)
    {
        var row = await tables.Intakes.GetEntityIfExistsAsync<TableEntity>(
            TableKey.Of(instanceId), RowKey, cancellationToken: cancellationToken);
        return row.HasValue ? Read(row.Value!) : null;
    }

    /// <summary>As <see cref="FindAsync"/>, for those who read many: nothing personal is read.</summary>
    public async Task<Intake?> FindPlainAsync(string instanceId, CancellationToken cancellationToken)
    {
        var row = await tables.Intakes.GetEntityIfExistsAsync<TableEntity>(
            TableKey.Of(instanceId), RowKey, PlainColumns, cancellationToken);
        return row.HasValue ? Read(row.Value!) : null;
    }

    /// <summary>Reads the intake of a journey that runs.</summary>
    /// <exception cref="IntakeMissingException">There is no such intake.</exception>
    public async Task<Intake> GetAsync(string instanceId, CancellationToken cancellationToken)
        => await FindAsync(instanceId, cancellationToken)
            ?? throw new IntakeMissingException(instanceId);

    /// <summary>Changes an intake; tried again when somebody else changed it in between.</summary>
    /// <returns>The intake as stored.</returns>
    /// <exception cref="IntakeMissingException">There is no such intake.</exception>
    public async Task<Intake> UpdateAsync(string instanceId, Func<Intake, Intake> change, CancellationToken cancellationToken)
        => await UpdateAsync(await GetAsync(instanceId, cancellationToken), change, cancellationToken);

    /// <summary>As the other one, of an intake that was just read.</summary>
    /// <returns>The intake as stored.</returns>
    /// <exception cref="InvalidOperationException">There is no such intake.</exception>
    public async Task<Intake> UpdateAsync(Intake found, Func<Intake, Intake> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(found);
        while (true)
        {
            var changed = change(found);
            if (changed == found)
                return found;

            // What is to be started, after all, has to be listed.
            if (changed.State == IntakeState.Accepted && found.State != IntakeState.Accepted)
                await Index.PendAsync(changed, cancellationToken);
            var row = Overlay(found, changed);
            try
            {
                var stored = await tables.Intakes.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, cancellationToken);
                return changed with { Row = new TableEntity(row) { ETag = stored.Headers.ETag ?? row.ETag } };
            }
            catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.PreconditionFailed)
            {
                // Somebody else was faster: read again and apply the change to what they wrote.
                found = await GetAsync(found.InstanceId, cancellationToken);
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
        var values = await FoundByAsync(supplied, cancellationToken);
        var stored = await UpdateAsync(instanceId, Supply, cancellationToken);
        if (!stored.Closed && values.Count > 0)
            await Index.FindByAsync(instanceId, stored.ReceivedAt, values, cancellationToken);
        return !stored.Closed;

        Intake Supply(Intake row) => row.Closed || row.SupplementId == supplementId
            ? row
            : row with
            {
                Supplement = new(supplied.Over(row.Supplement?.Reveal())),
                SupplementId = supplementId,
                FoundBy = FoundLists.Join(values, row.FoundBy),
            };
    }

    /// <summary>Journeys of whoever gave an e-mail address, the newest first.</summary>
    internal async Task<IReadOnlyList<string>> FindByEmailAsync(string email, int limit, CancellationToken cancellationToken)
        => await _emails.OfAsync(email, cancellationToken) is { } hash ? await Index.FindAsync(hash, limit, cancellationToken) : [];

    /// <summary>What a person is found by: the caller's own id, and the e-mail address by its hash.</summary>
    private async Task<IReadOnlyList<string>> FoundByAsync(Applicant? person, CancellationToken cancellationToken)
    {
        string?[] values = [person?.ExternalId, await _emails.OfAsync(person?.Email, cancellationToken)];
        return [.. values.Where(value => !string.IsNullOrWhiteSpace(value)).Select(value => value!)];
    }

    /// <summary>Deletes what was supplied, once it was sent, unless something was supplied since.</summary>
    public Task ForgetSupplementAsync(string instanceId, string? supplementId, CancellationToken cancellationToken)
        => UpdateAsync(instanceId, row => row.SupplementId == supplementId ? row with { Supplement = null } : row, cancellationToken);

    /// <summary>Deletes what personal data an intake still holds, for good: from now on nothing personal is put into it.</summary>
    /// <returns>The intake as stored.</returns>
    public Task<Intake> ForgetPersonAsync(string instanceId, CancellationToken cancellationToken) => UpdateAsync(
        instanceId, row => row.WithoutPerson(), cancellationToken);

    /// <summary>Removes an intake; nothing happens when it is gone, and one that is stored anew under its key stays.</summary>
    internal async Task RemoveAsync(Intake intake, CancellationToken cancellationToken)
    {
        try
        {
            var row = intake.Row!;
            await tables.Intakes.DeleteEntityAsync(row.PartitionKey, row.RowKey, row.ETag, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status is (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.NotFound)
        {
            // It changed since it was read, or is gone: whoever comes next looks again.
        }
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
        ("LocationPlace", intake.LocationPlace is { } place ? JsonSerializer.Serialize(place) : null),
        ("LocationRound", intake.LocationRound == 0 ? null : intake.LocationRound),
        ("CashInRequestedAt", intake.CashInRequestedAt),
        ("FoundBy", intake.FoundBy),
    ];

    private TableEntity Write(Intake intake)
    {
        var row = new TableEntity(TableKey.Of(intake.InstanceId), RowKey);
        foreach (var (column, value) in Plain(intake))
            row.Put(column, value);
        row[IndexFill.Indexed] = true;
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

    /// <summary>The intake of a row.</summary>
    internal Intake Read(TableEntity row) => new()
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
        LocationPlace = row.Text("LocationPlace") is { } place ? JsonSerializer.Deserialize<Place>(place) : null,
        LocationRound = row.Number("LocationRound") ?? 0,
        CashInRequestedAt = row.Time("CashInRequestedAt"),
        FoundBy = row.Text("FoundBy"),
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

/// <summary>
/// A journey has no intake: somebody started its orchestration past the app, which always stores the intake first. It ends at once.
/// </summary>
public sealed class IntakeMissingException(string instanceId) : Exception($"There is no intake for journey {instanceId}.");
