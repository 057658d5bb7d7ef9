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

            try
            {
                await tables.Intakes.UpdateEntityAsync(Write(changed), found.ETag, TableUpdateMode.Replace, cancellationToken);
                return changed;
            }
            catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.PreconditionFailed)
            {
                // Somebody else was faster: read again and apply the change to what they wrote.
            }
        }
    }

    /// <summary>Deletes what personal data an intake still holds.</summary>
    public Task ForgetPersonAsync(string instanceId, CancellationToken cancellationToken)
        => UpdateAsync(instanceId, intake => intake with { Applicant = null, Supplement = null, StoreNear = null }, cancellationToken);

    /// <summary>Intakes that were stored before <paramref name="before"/> and never started: their start was lost in a crash.</summary>
    public async IAsyncEnumerable<Intake> LostAsync(DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"State eq {nameof(IntakeState.Accepted)} and ReceivedAt lt {before}");
        await foreach (var row in tables.Intakes.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            yield return Read(row);
    }

    /// <summary>One page of intakes, in no particular order.</summary>
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
            filter, limit, cancellationToken: cancellationToken).AsPages(after, limit))
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

    private TableEntity Write(Intake intake)
    {
        var row = new TableEntity(TableKey.Of(intake.InstanceId), RowKey)
        {
            ["InstanceId"] = intake.InstanceId,
            ["Orchestration"] = intake.Orchestration,
            ["RequestHash"] = intake.RequestHash,
            ["Input"] = intake.Input,
            ["ReceivedAt"] = intake.ReceivedAt,
            ["State"] = intake.State.ToString(),
            [nameof(Intake.Applicant)] = Protect(intake.Applicant),
            [nameof(Intake.Supplement)] = Protect(intake.Supplement),
            [nameof(Intake.StoreNear)] = Protect(intake.StoreNear),
            ["CustomerId"] = intake.CustomerId,
            ["LocationId"] = intake.LocationId,
            ["LocationReference"] = intake.LocationReference,
            ["CashInRequestedAt"] = intake.CashInRequestedAt,
        };
        foreach (var empty in row.Where(property => property.Value is null).Select(property => property.Key).ToList())
            row.Remove(empty);
        return row;
    }

    private Intake Read(TableEntity row) => new()
    {
        InstanceId = row.GetString("InstanceId"),
        Orchestration = row.GetString("Orchestration"),
        RequestHash = row.GetString("RequestHash"),
        Input = row.GetString("Input"),
        ReceivedAt = row.GetDateTimeOffset("ReceivedAt")!.Value,
        State = Enum.Parse<IntakeState>(row.GetString("State")),
        Applicant = Unprotect<Applicant>(row.GetString("Applicant")),
        Supplement = Unprotect<Applicant>(row.GetString("Supplement")),
        StoreNear = Unprotect<Place>(row.GetString("StoreNear")),
        CustomerId = row.GetString("CustomerId"),
        LocationId = row.GetString("LocationId"),
        LocationReference = row.GetString("LocationReference"),
        CashInRequestedAt = row.GetDateTimeOffset("CashInRequestedAt"),
        ETag = row.ETag,
    };

    private string? Protect<T>(Sensitive<T>? value)
        where T : class => value is null ? null : _protector.Protect(JsonSerializer.Serialize(value.Reveal()));

    private Sensitive<T>? Unprotect<T>(string? text)
        where T : class => text is null ? null : new(JsonSerializer.Deserialize<T>(_protector.Unprotect(text))!);
}
