using System.Text;
using OmsWorkflows.Local.Sandbox.Faults;
using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Time;
using OmsWorkflows.Local.Sandbox.Webhooks;

namespace OmsWorkflows.Local.Sandbox.Controls;

/// <summary>Lists deliveries, sends one again, and sends a test event.</summary>
internal static class DeliveryControls
{
    // OMS keeps its history that long (docs/oms-api.md 9.3).
    private static readonly TimeSpan History = TimeSpan.FromDays(30);

    public static void MapDeliveries(this IEndpointRouteBuilder sim)
    {
        sim.MapGet("/deliveries", (HttpRequest request, World world, SandboxClock clock) =>
        {
            string? Wanted(string name) => request.Query[name] is [{ Length: > 0 } text, ..] ? text : null;
            var (name, state, endpoint) = (Wanted("event"), Wanted("state"), Wanted("endpointId"));
            var (resource, group) = (Wanted("resourceId"), Wanted("group"));
            lock (world.Gate)
            {
                var found = world.Deliveries.Values
                    .Where(delivery => delivery.CreatedAt > clock.Now - History)
                    .Where(delivery => name is null || Wildcard.Matches(name, delivery.Event.Name))
                    .Where(delivery => state is null || string.Equals(delivery.State.ToString(), state, StringComparison.OrdinalIgnoreCase))
                    .Where(delivery => resource is null || delivery.Event.ResourceId == resource)
                    .Where(delivery => group is null || delivery.Event.Group == group)
                    .Where(delivery => endpoint is null || delivery.EndpointId == endpoint)
                    .Select(DeliveryView.Of);
                return Answer.Ok(new { Data = found.ToList() });
            }
        });
        sim.MapPost("/deliveries/{id}/resend", async (string id, World world, Courier courier) =>
        {
            Delivery delivery;
            lock (world.Gate)
                delivery = World.Find(world.Deliveries, id);
            var attempt = await courier.ResendAsync(delivery);
            lock (world.Gate)
            {
                return attempt is null
                    ? throw ApiException.InvalidState("The endpoint is paused or deleted.", "stopped")
                    : Answer.Ok(DeliveryView.Of(delivery));
            }
        });
        // Only Polygon can make an endpoint one for compliance.
        sim.MapPost("/webhooks/{id}/compliance", (string id, World world) =>
        {
            lock (world.Gate)
            {
                var endpoint = World.Find(world.Endpoints, id);
                endpoint.ComplianceOnly = true;
                return Answer.Ok(endpoint.View());
            }
        });
        sim.MapPost("/webhooks/{id}/test", (string id, World world, Courier courier, IdSource ids) =>
        {
            lock (world.Gate)
            {
                var endpoint = World.Find(world.Endpoints, id);
                var raised = new RaisedEvent("webhook.test", new { endpoint.Id, Object = "webhook" }, 1, endpoint.Id, endpoint.Id, null);
                return Answer.Ok(DeliveryView.Of(courier.Send(endpoint, raised, ids.Next("evt"))));
            }
        });
    }

    /// <summary>A body that a fault spoiled is shown as a text.</summary>
    private static RawJson Readable(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body);
        return JsonEdits.Parse(body) is null ? RawJson.Of(text) : new RawJson(text);
    }

    private sealed record DeliveryView(
        string Id, string EndpointId, string Event, string EventId, string ResourceId, string Group, int Sequence, DeliveryState State,
        DateTimeOffset CreatedAt, DateTimeOffset? NextAttemptAt, IReadOnlyList<DeliveryAttempt> Attempts, RawJson Body)
    {
        public static DeliveryView Of(Delivery delivery) => new(
            delivery.Id, delivery.EndpointId, delivery.Event.Name, delivery.EventId, delivery.Event.ResourceId, delivery.Event.Group,
            delivery.Event.Sequence,
            delivery.State, delivery.CreatedAt, delivery.NextAttemptAt, [.. delivery.Attempts], Readable(delivery.Body));
    }
}
