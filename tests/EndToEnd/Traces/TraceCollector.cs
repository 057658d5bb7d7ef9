using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.EndToEnd.Traces;

/// <summary>Takes spans over OTLP (HTTP, protobuf) and keeps them; metrics and logs are taken and forgotten.</summary>
internal sealed class TraceCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Span> _spans = new();

    private TraceCollector(WebApplication app) => _app = app;

    public string Endpoint => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public IReadOnlyList<Span> Spans => [.. _spans];

    public static async Task<TraceCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var collector = new TraceCollector(app);
        app.MapPost("/v1/traces", collector.TakeAsync);
        app.MapPost("/v1/{other}", () => Results.Bytes([], "application/x-protobuf"));
        await app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        // ExportTraceServiceRequest > resource_spans (1) > scope_spans (2) > spans (2)
        foreach (var resource in Messages(body.ToArray(), 1))
        {
            foreach (var scope in Messages(resource, 2))
            {
                foreach (var span in Messages(scope, 2))
                    _spans.Enqueue(Span.Parse(span));
            }
        }

        return Results.Bytes([], "application/x-protobuf");
    }

    /// <summary>The members of one number, each as bytes.</summary>
    private static List<byte[]> Messages(byte[] message, int number)
    {
        var found = new List<byte[]>();
        using var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == number)
                found.Add(input.ReadBytes().ToByteArray());
            else
                input.SkipLastField();
        }

        return found;
    }

    /// <summary>What the tests look at of a span.</summary>
    internal sealed record Span(string TraceId, string Id, string ParentId, string Name)
    {
        public static Span Parse(byte[] message)
        {
            string Text(int number) => Messages(message, number) is [var only, ..] ? Convert.ToHexStringLower(only) : "";
            var name = Messages(message, 5) is [var text, ..] ? System.Text.Encoding.UTF8.GetString(text) : "";
            // The engine puts the version of an orchestration behind its name.
            return new(Text(1), Text(2), Text(4), name.Split('@')[0]);
        }
    }
}
