using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Functions.Tests.Oms;

/// <summary>What the stub was sent.</summary>
internal sealed record Received(string Method, string Path, string Query, string? Authorization, string? IdempotencyKey, byte[] Body);

/// <summary>An HTTP server on a free port of this machine that answers what a test tells it to, and remembers what it was sent.</summary>
internal sealed class OmsStub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Received> _received = new();

    private int _tokens;

    private OmsStub(WebApplication app)
    {
        _app = app;
        Token = context => AnswerAsync(context, HttpStatusCode.OK,
            $$"""{"accessToken":"token-{{Interlocked.Increment(ref _tokens)}}","tokenType":"bearer","expiresIn":3600}""");
    }

    public string Url { get; private set; } = "";

    /// <summary>Answers everything but the token exchange.</summary>
    public RequestDelegate Answer { get; set; } = context
        => AnswerAsync(context, HttpStatusCode.NotFound, Fixture.Text("errors/404.not_found.json"));

    /// <summary>Answers the token exchange; <c>token-1</c>, <c>token-2</c>, … by default.</summary>
    public RequestDelegate Token { get; set; }

    public IReadOnlyList<Received> Calls => [.. _received.Where(r => r.Path != "/v0.9/auth/token")];

    public IReadOnlyList<Received> Exchanges => [.. _received.Where(r => r.Path == "/v0.9/auth/token")];

    public static async Task<OmsStub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.Zero);
        var app = builder.Build();
        var stub = new OmsStub(app);
        app.Run(stub.HandleAsync);
        await app.StartAsync();
        stub.Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return stub;
    }

    /// <summary>Answers in turn; the last one again and again.</summary>
    public void Script(params RequestDelegate[] answers)
    {
        var next = -1;
        Answer = context => answers[Math.Min(Interlocked.Increment(ref next), answers.Length - 1)](context);
    }

    public static RequestDelegate Json(HttpStatusCode status, string body) => context => AnswerAsync(context, status, body);

    public static RequestDelegate Cut() => context =>
    {
        context.Abort();
        return Task.CompletedTask;
    };

    /// <summary>An answer as it is, bytes and type; no type when it is null.</summary>
    public static RequestDelegate Raw(HttpStatusCode status, byte[] body, string? contentType = "application/json") => async context =>
    {
        context.Response.StatusCode = (int)status;
        if (contentType is not null)
        {
            context.Response.Headers.ContentType = contentType;
        }

        await context.Response.Body.WriteAsync(body);
    };

    /// <summary>A gateway's page.</summary>
    public static RequestDelegate Page(HttpStatusCode status)
        => Raw(status, "<html><body>canary ana.reyes@example.test</body></html>"u8.ToArray(), "text/html");

    /// <summary>Says that 900 bytes come, sends ten and then nothing; tells when it stalls.</summary>
    public static RequestDelegate Stall(SemaphoreSlim? stalled = null) => async context =>
    {
        context.Response.StatusCode = (int)HttpStatusCode.Created;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = 900;
        await context.Response.WriteAsync("{\"id\":\"ci_");
        await context.Response.Body.FlushAsync();
        stalled?.Release();
        await Silence()(context);
    };

    /// <summary>Takes the request and never answers.</summary>
    public static RequestDelegate Silence() => async context =>
    {
        var gone = new TaskCompletionSource();
        using var registration = context.RequestAborted.Register(() => gone.TrySetResult());
        await gone.Task;
    };

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers;
        _received.Enqueue(new Received(context.Request.Method, context.Request.Path, context.Request.QueryString.Value ?? "",
            headers.Authorization.FirstOrDefault(), headers["Idempotency-Key"].FirstOrDefault(), body.ToArray()));
        await (context.Request.Path == "/v0.9/auth/token" ? Token(context) : Answer(context));
    }

    private static async Task AnswerAsync(HttpContext context, HttpStatusCode status, string body)
    {
        context.Response.StatusCode = (int)status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    }
}
