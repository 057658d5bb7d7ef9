using System.Net;
using Azure;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OmsWorkflows.Http;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Actions;

/// <summary>
/// Decisions about money, by one person or by two: what the first one says waits in a row until another says the same
/// (docs/decisions/0014-who-acted.md).
/// </summary>
public sealed class Decisions(
    AppTables tables, ActionLog log, IOptionsMonitor<DecisionOptions> options, TimeProvider clock, ILogger<Decisions> logger)
{
    /// <summary>All that wait stand in one partition, so that they can be listed; there are few.</summary>
    private const string Partition = "pending";

    /// <summary>
    /// Takes a decision: answers the problem, or that a second person is needed, or carries it out and writes down who took it.
    /// </summary>
    /// <param name="takesTwo">Whether it takes two people whatever the settings say.</param>
    /// <param name="carryOut">Does it, given whose decision it is; may be repeated. Only a 2xx answer counts as done.</param>
    public async Task<IResult> TakeAsync(
        Decision decision, bool takesTwo, Func<DecidedBy, Task<CarriedOut>> carryOut, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decision);
        ArgumentNullException.ThrowIfNull(carryOut);
        PendingDecision? first = null;
        if (takesTwo || options.CurrentValue.TwoPeople)
        {
            if (!decision.Actor.IsKnown)
                return TwoPeopleNeedSignIn();
            first = await ProposeAsync(decision, cancellationToken);
            if (first.By == decision.Actor.Id)
                return Results.Json(first, ApiJson.Options, statusCode: StatusCodes.Status202Accepted);
            if (first.About != decision.About)
                return Differs();
        }

        var decided = new DecidedBy(decision.Actor.Id, clock.GetUtcNow(), decision.Reference, decision.Reason, first?.By);
        var (answer, kept) = await carryOut(decided);
        if (answer is IStatusCodeHttpResult { StatusCode: >= StatusCodes.Status400BadRequest })
            return answer;
        await WriteAsync(decision, kept, cancellationToken);
        if (first is not null)
            await tables.Actions.DeleteEntityAsync(Partition, Key(decision.Action, decision.Subject), ETag.All, cancellationToken);
        return answer;
    }

    /// <summary>What waits for a second person about one thing; null when nothing does.</summary>
    public async Task<PendingDecision?> FindAsync(string action, string subject, CancellationToken cancellationToken)
    {
        var row = await tables.Actions.GetEntityIfExistsAsync<TableEntity>(
            Partition, Key(action, subject), cancellationToken: cancellationToken);
        return row.HasValue && Read(row.Value!) is { } pending && pending.ExpiresAt > clock.GetUtcNow() ? pending : null;
    }

    /// <summary>
    /// What waits for a second person, oldest first. What ran out is taken away, so that nobody has to pass over it again.
    /// </summary>
    public async Task<IReadOnlyList<PendingDecision>> ListAsync(CancellationToken cancellationToken)
    {
        var (now, found) = (clock.GetUtcNow(), new List<PendingDecision>());
        await foreach (var row in tables.Actions.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"), cancellationToken: cancellationToken))
        {
            if (Read(row) is { } pending && pending.ExpiresAt > now)
                found.Add(pending);
            else
                await RemoveAsync(row, cancellationToken);
        }

        return [.. found.OrderBy(pending => pending.At)];
    }

    /// <summary>Takes a proposal away that ran out, unless somebody has put another in its place.</summary>
    private async Task RemoveAsync(TableEntity ranOut, CancellationToken cancellationToken)
    {
        try
        {
            await tables.Actions.DeleteEntityAsync(ranOut, ranOut.ETag, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.PreconditionFailed)
        {
            // The one that waits now is listed the next time.
        }
    }

    /// <summary>The proposal that stands after this: another person's that has not run out, or the caller's own.</summary>
    private async Task<PendingDecision> ProposeAsync(Decision decision, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var mine = new PendingDecision(
            decision.Action, decision.Subject, decision.About, decision.Actor.Id, decision.Reference, decision.Reason, now,
            now + options.CurrentValue.DecideWithin);
        while (true)
        {
            var row = await tables.Actions.GetEntityIfExistsAsync<TableEntity>(
                Partition, Key(decision.Action, decision.Subject), cancellationToken: cancellationToken);
            var standing = row.HasValue ? Read(row.Value!) : null;
            if (standing is not null && standing.ExpiresAt > now && (standing.By != mine.By || standing.About == mine.About))
                return standing;
            try
            {
                if (standing is null)
                    await tables.Actions.AddEntityAsync(Write(mine), cancellationToken);
                else
                    await tables.Actions.UpdateEntityAsync(Write(mine), row.Value!.ETag, TableUpdateMode.Replace, cancellationToken);
            }
            catch (RequestFailedException e) when (
                e.Status is (int)HttpStatusCode.Conflict or (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.NotFound)
            {
                // Somebody else was faster: look at what they wrote.
                continue;
            }

            logger.Proposed(mine.By, mine.Action, mine.Subject, mine.Reference, mine.Reason);
            return mine;
        }
    }

    /// <summary>Beside its subject, and beside what it is about when that is a journey: there people look for it too.</summary>
    private async Task WriteAsync(Decision decision, DecidedBy decided, CancellationToken cancellationToken)
    {
        logger.Decided(decided.By, decision.Action, decision.Subject, decided.Reference, decision.Reason, decided.ProposedBy ?? "nobody");
        var action = new ActionRecord(
            decided.At, decision.Action, decided.By, decision.About, decided.Reason, decided.Reference, decided.ProposedBy);
        var id = $"{decision.Action} {decided.At:O} {decided.Reference}";
        await log.WriteAsync(decision.Subject, id, action, cancellationToken);
        if (decision.AlsoOf is { } other)
            await log.WriteAsync(other, id, action with { About = decision.Subject }, cancellationToken);
    }

    private static string Key(string action, string subject) => TableKey.Of($"{action} {subject}");

    private static IResult TwoPeopleNeedSignIn() => Problems.Conflict(
        "two-people-need-sign-in",
        "This takes two people, and a function key names nobody",
        "Sign in with Entra ID in front of the app (docs/security.md); then somebody else says the same.");

    private static IResult Differs() => Problems.Conflict(
        "decision-differs",
        "Somebody else proposed another decision",
        "See GET /api/operations/decisions. Say the same to confirm it, or wait until it runs out.");

    private static TableEntity Write(PendingDecision pending) => new(Partition, Key(pending.Action, pending.Subject))
    {
        ["Action"] = pending.Action,
        ["Subject"] = pending.Subject,
        ["About"] = pending.About,
        ["By"] = pending.By,
        ["Reference"] = pending.Reference,
        ["Reason"] = pending.Reason,
        ["At"] = pending.At,
        ["ExpiresAt"] = pending.ExpiresAt,
    };

    private static PendingDecision Read(TableEntity row) => new(
        row.Text("Action") ?? "",
        row.Text("Subject") ?? "",
        row.Text("About"),
        row.Text("By") ?? "",
        row.Text("Reference") ?? "",
        row.Text("Reason") ?? "",
        row.Time("At") ?? default,
        row.Time("ExpiresAt") ?? default);
}
