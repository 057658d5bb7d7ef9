using System.Security.Cryptography;
using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Time;

namespace OmsWorkflows.Local.Sandbox.Webhooks;

/// <summary>Register, read, pause and delete receivers (docs/oms-api.md 9.1).</summary>
internal static class WebhookEndpoints
{
    public static void MapWebhooks(this IEndpointRouteBuilder api)
    {
        api.MapPost("/webhooks", async (HttpRequest request, World world, IdSource ids, SandboxClock clock) =>
        {
            var body = await JsonBody.ReadAsync(request);
            body.RequiredText("url");
            var (url, events, enabled) = Read(body);
            // Real randomness: a secret is the one thing that must not be repeatable.
            var secret = WebhookSignature.SecretPrefix + RandomNumberGenerator.GetHexString(64, lowercase: true);
            lock (world.Gate)
            {
                var endpoint = new WebhookEndpoint(ids.Next("whk"), secret, clock.Now)
                {
                    Url = url!,
                    Events = events ?? [],
                    Enabled = enabled ?? true,
                };
                world.Endpoints.Add(endpoint.Id, endpoint);
                return Answer.Created(endpoint.View(withSecret: true));
            }
        });
        api.MapGet("/webhooks", (HttpRequest request, World world) =>
        {
            lock (world.Gate)
                return Answer.Ok(Paging.Cut(world.Endpoints.Values, request, endpoint => endpoint.View()));
        });
        api.MapGet("/webhooks/{id}", (string id, World world) =>
        {
            lock (world.Gate)
                return Answer.Ok(World.Find(world.Endpoints, id).View());
        });
        api.MapPatch("/webhooks/{id}", async (string id, HttpRequest request, World world) =>
        {
            var (url, events, enabled) = Read(await JsonBody.ReadAsync(request));
            lock (world.Gate)
            {
                var endpoint = World.Find(world.Endpoints, id);
                endpoint.Url = url ?? endpoint.Url;
                endpoint.Events = events ?? endpoint.Events;
                endpoint.Enabled = enabled ?? endpoint.Enabled;
                return Answer.Ok(endpoint.View());
            }
        });
        api.MapDelete("/webhooks/{id}", (string id, World world) =>
        {
            lock (world.Gate)
                return world.Endpoints.Remove(id) ? Results.NoContent() : throw ApiException.NotFound();
        });
    }

    private static (Uri? Url, IReadOnlyList<string>? Events, bool? Enabled) Read(JsonBody body)
    {
        var text = body.Text("url");
        Uri? url = null;
        if (text is { Length: > 0 } && !(Uri.TryCreate(text, UriKind.Absolute, out url) && IsAllowed(url)))
            body.Wrong("url", "must be an https URL; http is taken for this machine only");
        var (events, enabled) = (body.Texts("events"), body.Bool("enabled"));
        body.Check();
        return (url, events, enabled);
    }

    private static bool IsAllowed(Uri url) => url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback);
}
