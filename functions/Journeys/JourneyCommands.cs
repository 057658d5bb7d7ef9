using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using OmsWorkflows.Onboarding;
using OmsWorkflows.Operations;
using OmsWorkflows.Storage;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Journeys;

/// <summary>A command of a caller to a running journey.</summary>
/// <param name="Name">Its last path segment, such as <c>cancel</c>.</param>
/// <param name="Kind">The signal it becomes.</param>
/// <param name="Phases">The phases in which it can do something.</param>
/// <param name="Otherwise">What to tell the caller in any other phase.</param>
public sealed record JourneyCommand(string Name, SignalKind Kind, IReadOnlySet<JourneyPhase> Phases, string Otherwise);

/// <summary>Takes callers' commands, checks that they make sense now, and puts them in the journey's mailbox.</summary>
public sealed class JourneyCommands(Intakes intakes, TimeProvider clock)
{
    /// <summary>Ends a journey as far as that can be done.</summary>
    public static JourneyCommand Cancel { get; } = new(
        "cancel",
        SignalKind.Cancel,
        new HashSet<JourneyPhase> { JourneyPhase.AwaitingEndorsements, JourneyPhase.AwaitingApplicant, JourneyPhase.AwaitingDeposit, JourneyPhase.Expired, JourneyPhase.AwaitingConfirmation },
        "A journey can be cancelled while it waits for endorsements, for a deposit, for a revival, or for a confirmation. Money that moves cannot be called back from here.");

    /// <summary>Accepts the price of a payout.</summary>
    public static JourneyCommand Confirm { get; } = new(
        "confirm",
        SignalKind.Confirm,
        new HashSet<JourneyPhase> { JourneyPhase.AwaitingConfirmation },
        "A payout can be confirmed while its quote waits for that.");

    /// <summary>Asks for a fresh deposit code.</summary>
    public static JourneyCommand Refresh { get; } = new(
        "refresh",
        SignalKind.Refresh,
        new HashSet<JourneyPhase> { JourneyPhase.AwaitingDeposit, JourneyPhase.Expired },
        "A deposit code can be refreshed while it waits for cash, and for the grace time after it ran out.");

    /// <summary>Says that an operator has found out what became of the money.</summary>
    public static JourneyCommand Resolve { get; } = new(
        "resolve",
        SignalKind.Resolve,
        new HashSet<JourneyPhase> { JourneyPhase.NeedsReview },
        "Only a journey that needs a review can be resolved.");

    private static JourneyCommand Supply { get; } = new(
        "applicant",
        SignalKind.Supply,
        new HashSet<JourneyPhase> { JourneyPhase.AwaitingEndorsements, JourneyPhase.AwaitingApplicant },
        "Applicant data can be supplied while OMS reviews the applicant.");

    /// <summary>The commands that are possible in a status, by name.</summary>
    public static IEnumerable<string> PossibleIn(JourneyStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        JourneyCommand[] all = [Confirm, Refresh, Cancel, Supply, Resolve];
        return status.Ended ? [] : all.Where(command => IsPossible(command, status)).Select(command => command.Name);
    }

    /// <summary>Sends a command: 202 with the status document, or a problem that says why not.</summary>
    /// <param name="request">The request; its <c>Idempotency-Key</c>, if there is one, makes a repeated command one command.</param>
    /// <param name="client">The durable client.</param>
    /// <param name="kind">Which kind of journey.</param>
    /// <param name="id">The journey.</param>
    /// <param name="command">The command.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    /// <param name="argument">What the command is about, if it needs to say.</param>
    public async Task<IResult> SendAsync(
        HttpRequest request, DurableTaskClient client, JourneyKind kind, string id, JourneyCommand command, CancellationToken cancellationToken, string? argument = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(command);
        if (await JourneyView.FindAsync(intakes, client, kind, id, cancellationToken) is not { } view)
            return Problems.NotFound("journey");
        if (view.Status.Ended || !IsPossible(command, view.Status))
            return Problems.Conflict("invalid-state", $"The journey is in phase {view.Status.Phase}", command.Otherwise);

        var (key, _) = JourneyRequests.ReadKey(request);
        var deliveryId = key is null ? Guid.CreateVersion7(clock.GetUtcNow()).ToString() : JourneyId.From("cmd", $"{id}\n{command.Name}\n{key}");
        var signal = new Signal { Kind = command.Kind, DeliveryId = deliveryId, Argument = argument };
        await client.RaiseEventAsync(id, Signal.EventName, signal, cancellationToken);
        return view.ToResult(StatusCodes.Status202Accepted);
    }

    /// <summary>Stores what the caller supplied, encrypted, then wakes the journey.</summary>
    public async Task<IResult> SupplyAsync(
        HttpRequest request, DurableTaskClient client, JourneyKind kind, string id, CancellationToken cancellationToken)
    {
        var (body, problem) = await RequestBody.ReadAsync<Applicant>(request, cancellationToken);
        if (problem is not null)
            return problem;
        if (JourneyRequests.Validate(new ApplicantValidator(clock, complete: false), body!) is { } invalid)
            return invalid;
        if (await JourneyView.FindAsync(intakes, client, kind, id, cancellationToken) is not { } view)
            return Problems.NotFound("journey");
        if (view.Status.Ended || !IsPossible(Supply, view.Status))
            return Problems.Conflict("invalid-state", $"The journey is in phase {view.Status.Phase}", Supply.Otherwise);

        await intakes.UpdateAsync(id, row => row with { Supplement = new(body!) }, cancellationToken);
        return await SendAsync(request, client, kind, id, Supply, cancellationToken);
    }

    private static bool IsPossible(JourneyCommand command, JourneyStatus status)
        => command.Phases.Contains(status.Phase) && !(status.CancelRequested && command.Kind is SignalKind.Cancel or SignalKind.Refresh);
}
