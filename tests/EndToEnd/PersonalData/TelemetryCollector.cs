using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using OmsWorkflows.Local.AppHost;

namespace OmsWorkflows.EndToEnd.PersonalData;

/// <summary>Takes what the app exports over OTLP/HTTP and keeps it as it came: texts stand in protobuf as they are.</summary>
internal sealed class TelemetryCollector : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _exports = new();

    public TelemetryCollector()
    {
        Url = $"http://127.0.0.1:{FreePort.Find()}";
        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _ = TakeAsync();
    }

    public string Url { get; }

    /// <summary>Everything of one signal: <c>traces</c>, <c>metrics</c> or <c>logs</c>.</summary>
    public byte[] Of(string signal)
        => [.. _exports.Where(export => export.Path.EndsWith(signal, StringComparison.Ordinal)).SelectMany(export => export.Body)];

    public void Dispose() => _listener.Close();

    private async Task TakeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            var input = context.Request.Headers["Content-Encoding"] == "gzip"
                ? new GZipStream(context.Request.InputStream, CompressionMode.Decompress)
                : context.Request.InputStream;
            await input.CopyToAsync(body);
            _exports.Enqueue((context.Request.Url!.AbsolutePath, body.ToArray()));
            context.Response.StatusCode = 200;
            context.Response.ContentType = "application/x-protobuf";
            context.Response.Close();
        }
    }
}
