using OmsWorkflows.Local.Sandbox.Faults;
using OmsWorkflows.Local.Sandbox.Time;

namespace OmsWorkflows.Local.Sandbox.Webhooks;

/// <summary>
/// Carries events to receivers: at least once, in no promised order, on the retry schedule of docs/oms-api.md 9.3, and as badly as the
/// faults in force want it.
/// </summary>
internal sealed class Courier(
    World world, IdSource ids, Agenda agenda, SandboxClock clock, SandboxOptions options, FaultBook faults, WebhookSender sender)
{
    private static readonly TimeSpan LongestHold = TimeSpan.FromHours(24);
    private readonly Random _jitter = new(ids.Seed);

    /// <summary>Makes one delivery for each endpoint that wants the event. Call it holding the world's gate.</summary>
    public void Raise(RaisedEvent raised)
    {
        var eventId = ids.Next("evt");
        foreach (var endpoint in world.Endpoints.Values.Where(endpoint => endpoint.Enabled && endpoint.Wants(raised.Name)).ToList())
            Send(endpoint, raised, eventId);
    }

    /// <summary>Makes a delivery for one endpoint, whatever it subscribed to. Call it holding the world's gate.</summary>
    public Delivery Send(WebhookEndpoint endpoint, RaisedEvent raised, string eventId)
    {
        var id = ids.Next("whd");
        var body = Envelope.Bytes(id, eventId, raised, clock.Now);
        var subject = Subject(endpoint, raised, body);
        var delivery = Make(id, eventId, endpoint, raised, body, subject);
        world.Deliveries.Add(id, delivery);
        if (faults.Take(FaultKind.Drop, subject) is not null)
        {
            delivery.State = DeliveryState.Dropped;
            return delivery;
        }
        var first = clock.Now + options.FirstWebhookDelay + (faults.Take(FaultKind.Delay, subject)?.Delay ?? TimeSpan.Zero);
        if (faults.Take(FaultKind.Reorder, subject) is { } reorder)
        {
            delivery.State = DeliveryState.Held;
            delivery.Behind = reorder.Behind;
            // If what it waits for never comes, it goes anyway.
            agenda.At(clock.Now + (reorder.Delay ?? LongestHold), () =>
            {
                lock (world.Gate)
                    Release(delivery);
            });
        }
        else
        {
            Schedule(delivery, first);
        }
        if (faults.Take(FaultKind.Duplicate, subject) is { } duplicate)
        {
            var gap = duplicate.Delay ?? TimeSpan.FromMilliseconds(1);
            for (var copy = 1; copy <= duplicate.Copies; copy++)
                agenda.At(first + (gap * copy), () => AttemptAsync(delivery, scheduled: false));
        }
        return delivery;
    }

    /// <summary>Sends a delivery once more, now, and tells how it went.</summary>
    public Task<DeliveryAttempt?> ResendAsync(Delivery delivery) => AttemptAsync(delivery, scheduled: false);

    /// <summary>What is changed in a delivery is changed before it is signed, and so on every attempt.</summary>
    private Delivery Make(string id, string eventId, WebhookEndpoint endpoint, RaisedEvent raised, byte[] body, FaultSubject subject)
    {
        foreach (var edit in faults.TakeAll(rule => rule is { Fault: FaultKind.Edit, OfWebhooks: true }, subject))
            body = JsonEdits.Apply(body, edit.Edits);
        var headers = new Dictionary<string, string>();
        foreach (var garble in faults.TakeAll(rule => rule is { Fault: FaultKind.Garble, OfWebhooks: true }, subject))
        {
            body = Garbling.Spoil(body, garble);
            foreach (var (name, value) in garble.Headers)
                headers[name] = value;
        }
        return new Delivery(id, endpoint.Id, raised, eventId, clock.Now, body) { Headers = headers };
    }

    private void Schedule(Delivery delivery, DateTimeOffset due)
    {
        delivery.State = DeliveryState.Pending;
        delivery.NextAttemptAt = due;
        agenda.At(due, () => AttemptAsync(delivery, scheduled: true));
    }

    private async Task<DeliveryAttempt?> AttemptAsync(Delivery delivery, bool scheduled)
    {
        WebhookEndpoint? endpoint;
        bool badSignature;
        lock (world.Gate)
        {
            // Another copy got through meanwhile.
            if (scheduled && delivery.State != DeliveryState.Pending)
                return null;
            delivery.NextAttemptAt = null;
            if (!world.Endpoints.TryGetValue(delivery.EndpointId, out endpoint) || !endpoint.Enabled)
            {
                delivery.State = DeliveryState.Stopped;
                return null;
            }
            if (scheduled)
                delivery.Scheduled++;
            badSignature = faults.Take(FaultKind.BadSignature, Subject(endpoint, delivery.Event, delivery.Body)) is not null;
        }

        var at = clock.Now;
        var (status, error) = await sender.SendAsync(endpoint, delivery, badSignature);
        lock (world.Gate)
        {
            var subject = Subject(endpoint, delivery.Event, delivery.Body);
            if (status is >= 200 and < 300 && faults.Take(FaultKind.LoseAnswer, subject) is not null)
                (status, error) = (null, "answer lost");
            var attempt = new DeliveryAttempt(delivery.Attempts.Count + 1, at, status, error, badSignature);
            delivery.Attempts.Add(attempt);
            Conclude(delivery, endpoint, status, scheduled);
            ReleaseFollowers(delivery);
            return attempt;
        }
    }

    private void Conclude(Delivery delivery, WebhookEndpoint endpoint, int? status, bool scheduled)
    {
        switch (status)
        {
            case >= 200 and < 300:
                delivery.State = DeliveryState.Delivered;
                break;
            case StatusCodes.Status410Gone:
                endpoint.Enabled = false;
                delivery.State = DeliveryState.Failed;
                break;
            case var _ when !scheduled || delivery.State != DeliveryState.Pending:
                break;
            case var _ when delivery.Scheduled < options.RetrySchedule.Count:
                var wait = options.RetrySchedule[delivery.Scheduled];
                Schedule(delivery, clock.Now + (wait * (1 + (options.RetryJitter * ((2 * _jitter.NextDouble()) - 1)))));
                break;
            default:
                delivery.State = DeliveryState.Failed;
                break;
        }
    }

    private void ReleaseFollowers(Delivery sent)
    {
        var followers = world.Deliveries.Values.Where(held =>
            held.State == DeliveryState.Held && held != sent && held.EndpointId == sent.EndpointId
                && held.Event.Group == sent.Event.Group
            && (held.Behind is null || Wildcard.Matches(held.Behind, sent.Event.Name)));
        foreach (var held in followers.ToList())
            Release(held);
    }

    private void Release(Delivery held)
    {
        if (held.State == DeliveryState.Held)
            Schedule(held, clock.Now);
    }

    private static FaultSubject Subject(WebhookEndpoint endpoint, RaisedEvent raised, byte[] body) => new()
    {
        Event = raised.Name,
        CustomerId = raised.CustomerId,
        ResourceId = raised.ResourceId,
        EndpointId = endpoint.Id,
        Body = JsonEdits.Parse(body),
    };
}
