using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Sandbox.Tests.Support;

/// <summary>A webhook as it came in.</summary>
internal sealed record Received(string Signature, byte[] Body, string? ContentType, string? ContentEncoding)
{
    /// <summary>The body as JSON, read past a byte order mark.</summary>
    public JsonElement Json { get; } = JsonSerializer.Deserialize<JsonElement>(Body.AsSpan(Body.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0));

    public string Id => Json.Text("id");

    public string Event => Json.TryGetProperty("event", out var name) ? name.GetString()! : Json.Text("eventType");
}

/// <summary>A webhook receiver on a port of its own. Its check of signatures shares no code with the sandbox.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Receiver(WebApplication app) => _app = app;

    public ConcurrentQueue<Received> Inbox { get; } = new();

    public IEnumerable<string> Events => Inbox.Select(received => received.Event);

    public string Url => _app.Urls.First() + "/hook";

    /// <summary>The status to answer with, by what came in.</summary>
    public Func<Received, int> Answer { get; set; } = _ => 200;

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.MapPost("/hook", async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var headers = context.Request.Headers;
            var received = new Received(
                headers["Webhook-Signature"].ToString(), body.ToArray(), context.Request.ContentType,
                headers.ContentEncoding.FirstOrDefault());
            receiver.Inbox.Enqueue(received);
            context.Response.StatusCode = receiver.Answer(received);
            if (context.Response.StatusCode == 302)
                context.Response.Headers.Location = receiver.Url;
        });
        await app.StartAsync();
        return receiver;
    }

    /// <summary>Registers it and gives the secret.</summary>
    public async Task<(string Id, string Secret)> SubscribeAsync(SandboxHost sandbox, params string[] events)
    {
        var endpoint = await sandbox.PostAsync("/webhooks", new { url = Url, events });
        return (endpoint.Text("id"), endpoint.Text("secret"));
    }

    public static bool IsSigned(Received received, byte[] key)
    {
        var parts = received.Signature.Split(',').Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        var age = DateTimeOffset.UtcNow - DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts["t"], CultureInfo.InvariantCulture));
        byte[] signed = [.. Encoding.ASCII.GetBytes(parts["t"] + "."), .. received.Body];
        var expected = HMACSHA256.HashData(key, signed);
        return parts["v1"] == Convert.ToHexStringLower(expected) && age.Duration() < TimeSpan.FromMinutes(5);
    }

    public static bool IsSigned(Received received, string secret) => IsSigned(received, Encoding.UTF8.GetBytes(secret));

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
