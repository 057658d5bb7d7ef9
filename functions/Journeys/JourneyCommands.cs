using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using OmsWorkflows.Actions;
using OmsWorkflows.Http;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Journeys;

/// <summary>Takes callers' commands, checks that they make sense now, and puts them in the journey's mailbox.</summary>
public sealed class JourneyCommands(Intakes intakes, ActionLog actions, Decisions decisions, TimeProvider clock)
{
    /// <summary>Sends a command: 202 with the status document, or a problem that says why not.</summary>
    /// <param name="request">The request; its <c>Idempotency-Key</c>, if there is one, makes a repeated command one command.</param>
    /// <param name="kind">Of which kind the journey has to be.</param>
    /// <param name="command">What is asked for.</param>
    /// <param name="argument">What the command is about, if it needs to say.</param>
    /// <param name="prepare">
    /// What has to be done before the journey is woken, once the command makes sense, given the command's id; false when the journey was
    /// closed meanwhile, and then nothing was done.
    /// </param>
    public async Task<IResult> SendAsync(
        HttpRequest request,
        DurableTaskClient client,
        JourneyKind kind,
        string id,
        JourneyCommand command,
        CancellationToken cancellationToken,
        string? argument = null,
        Func<string, Task<bool>>? prepare = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(command);
        if (await JourneyView.FindAsync(intakes, client, kind, id, cancellationToken) is not { } view)
            return Problems.NotFound("journey");
        return await SendAsync(request, client, view, command, cancellationToken, argument, prepare);
    }

    /// <summary>As the other one, to a journey that was read: whoever looks at it first decides about what is sent to.</summary>
    internal async Task<IResult> SendAsync(
        HttpRequest request,
        DurableTaskClient client,
        JourneyView view,
        JourneyCommand command,
        CancellationToken cancellationToken,
        string? argument = null,
        Func<string, Task<bool>>? prepare = null)
        => command.IsPossibleIn(view.Status)
            ? await TellAsync(request, client, view, command, cancellationToken, argument, prepare)
            : Impossible(view.Status, command);

    /// <summary>
    /// An operator says what became of the money of a journey that needs a review, with a reference and a reason. Where that takes two
    /// people, the first gets 202 with what waits for the second.
    /// </summary>
    public async Task<IResult> ResolveAsync(
        HttpRequest request, DurableTaskClient client, JourneyKind kind, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(client);
        var query = new QueryReader(request.Query);
        var outcome = query.RequiredChoice<ResolveOutcome>("outcome");
        var decision = new Decision(
            CommandNames.Resolve, id, outcome.ToString(), Actor.Of(request), query.Reference(), query.Reason());
        if (query.Problem is { } problem)
            return problem;
        if (await JourneyView.FindAsync(intakes, client, kind, id, cancellationToken) is not { } view)
            return Problems.NotFound("journey");
        if (!JourneyCommand.Resolve.IsPossibleIn(view.Status))
            return Impossible(view.Status, JourneyCommand.Resolve);
        return await decisions.TakeAsync(decision, takesTwo: false, CarryOutAsync, cancellationToken);

        async Task<CarriedOut> CarryOutAsync(DecidedBy decided)
        {
            var answer = await TellAsync(
                request, client, view, JourneyCommand.Resolve, cancellationToken, decision.About, isWrittenDown: true);
            return new(answer, decided);
        }
    }

    private async Task<IResult> TellAsync(
        HttpRequest request,
        DurableTaskClient client,
        JourneyView view,
        JourneyCommand command,
        CancellationToken cancellationToken,
        string? argument = null,
        Func<string, Task<bool>>? prepare = null,
        bool isWrittenDown = false)
    {
        var id = view.Intake.InstanceId;
        var signal = new Signal { Command = command.Name, DeliveryId = DeliveryId(request, id, command), Argument = argument };
        if (prepare is not null && !await prepare(signal.DeliveryId))
            return Problems.Conflict("invalid-state", "The journey is over", command.Otherwise);
        if (!isWrittenDown)
        {
            var action = new ActionRecord(clock.GetUtcNow(), command.Name, Actor.Of(request).Id, argument);
            await actions.WriteAsync(id, signal.DeliveryId, action, cancellationToken);
        }

        try
        {
            await client.RaiseEventAsync(id, Signal.EventName, signal, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Some engines refuse an event for an ended instance, each with its own exception; anything else goes to the caller.
            var now = await JourneyView.FindAsync(intakes, client, view.Kind, id, cancellationToken);
            if (now is not { Status.Ended: true })
                throw;
            return Impossible(now.Status, command);
        }

        return view.ToResult(StatusCodes.Status202Accepted, command.Note);
    }

    private static IResult Impossible(JourneyStatus status, JourneyCommand command)
        => Problems.Conflict("invalid-state", $"The journey is in phase {status.Phase}", command.Otherwise);

    private string DeliveryId(HttpRequest request, string id, JourneyCommand command)
    {
        var key = IdempotencyKey.Read(request);
        return key.IsValid
            ? JourneyId.From("cmd", $"{id}\n{command.Name}\n{Actor.Of(request).Scope(key.Value)}")
            : Guid.CreateVersion7(clock.GetUtcNow()).ToString();
    }
}
