using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Azure.Core.Pipeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Functions.Tests.Secrets;

/// <summary>
/// A local TLS server that speaks the parts of the Key Vault and Blob protocols the app uses: the sign-in challenge, secret versions, the
/// vault's refusals, key wrapping with a real RSA key, and a blob with an ETag.
/// </summary>
internal sealed class VaultServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;
    private readonly ConcurrentDictionary<string, Queue<Func<HttpContext, Task>>> _answers = new(StringComparer.OrdinalIgnoreCase);

    private VaultServer(WebApplication app, X509Certificate2 certificate) => (_app, _certificate) = (app, certificate);

    public ConcurrentQueue<string> Requests { get; } = new();

    public VaultSecrets Secrets { get; } = new();

    public VaultKeys Keys { get; } = new();

    public StoredBlob Blob { get; } = new();

    /// <summary>Cuts every connection.</summary>
    public bool OutOfReach { get; set; }

    public Uri Address { get; private set; } = null!;

    /// <summary>Trusts this server's certificate, and no other.</summary>
    public HttpClientTransport Transport { get; private set; } = null!;

    public static async Task<VaultServer> StartAsync()
    {
        var certificate = SelfSigned();
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var server = new VaultServer(builder.Build(), certificate);
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        var addresses = server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        server.Address = new Uri(addresses.Single().Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        server.Transport = new(new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, seen, _, _) => seen is not null
                    && seen.GetCertHashString() == certificate.Thumbprint,
            },
        }));
        return server;
    }

    /// <summary>Answers the next request about <paramref name="name"/> this way instead; queued in order.</summary>
    public void Next(string name, Func<HttpContext, Task> answer) => _answers.GetOrAdd(name, _ => new()).Enqueue(answer);

    /// <summary>Refuses the next request about <paramref name="name"/> as the vault does.</summary>
    public void Refuse(string name, int status, string code, string? retryAfter = null) => Next(name, context =>
    {
        if (retryAfter is not null)
            context.Response.Headers.RetryAfter = retryAfter;
        return RefuseAsync(context, status, code);
    });

    public static Task RefuseAsync(HttpContext context, int status, string code, string? inner = null)
    {
        context.Response.StatusCode = status;
        var error = new JsonObject { ["code"] = code, ["message"] = "refused" };
        if (inner is not null)
            error["innererror"] = new JsonObject { ["code"] = inner };
        return context.Response.WriteAsJsonAsync(new JsonObject { ["error"] = error });
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
        Keys.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (OutOfReach)
        {
            context.Abort();
            return;
        }

        var path = context.Request.Path.Value!.Trim('/').Split('/');
        if (path[0] is "secrets" or "keys" && context.Request.Headers.Authorization.Count == 0)
        {
            context.Response.Headers.WWWAuthenticate =
                "Bearer authorization=\"https://login.microsoftonline.com/tenant\", resource=\"https://vault.azure.net\"";
            context.Response.StatusCode = 401;
            return;
        }

        Requests.Enqueue($"{context.Request.Method} {string.Join('/', path)}");
        if (_answers.TryGetValue(path[1], out var answers) && answers.TryDequeue(out var answer))
            await answer(context);
        else if (path[0] == "secrets")
            await Secrets.AnswerAsync(context, path[1], path.ElementAtOrDefault(2));
        else if (path[0] == "keys")
            await Keys.AnswerAsync(context, path);
        else
            await Blob.AnswerAsync(context);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}

/// <summary>Secrets with versions; the newest answers, or refuses when it is disabled.</summary>
internal sealed class VaultSecrets
{
    private readonly ConcurrentDictionary<string, List<(string Version, string Value, bool Enabled)>> _secrets = new(
        StringComparer.OrdinalIgnoreCase);

    public void Set(string name, string value)
    {
        var versions = _secrets.GetOrAdd(name, _ => []);
        lock (versions)
            versions.Add(($"v{versions.Count + 1}", value, true));
    }

    public IReadOnlyList<(string Version, string Value, bool Enabled)> Versions(string name) => _secrets[name];

    public async Task AnswerAsync(HttpContext context, string name, string? version)
    {
        if (context.Request.Method == "PUT")
            Set(name, (await JsonNode.ParseAsync(context.Request.Body))!["value"]!.GetValue<string>());
        if (!_secrets.TryGetValue(name, out var versions))
        {
            await VaultServer.RefuseAsync(context, 404, "SecretNotFound");
            return;
        }

        if (version == "versions")
        {
            var listed = new JsonArray([.. versions.Select((entry, at) => Listed(context, name, entry, at))]);
            await context.Response.WriteAsJsonAsync(new JsonObject { ["value"] = listed });
            return;
        }

        var index = string.IsNullOrEmpty(version) ? versions.Count - 1 : versions.FindIndex(entry => entry.Version == version);
        if (context.Request.Method == "PATCH")
        {
            var enabled = (await JsonNode.ParseAsync(context.Request.Body))!["attributes"]!["enabled"]!.GetValue<bool>();
            versions[index] = versions[index] with { Enabled = enabled };
        }
        else if (!versions[index].Enabled)
        {
            await VaultServer.RefuseAsync(context, 403, "Forbidden", "SecretDisabled");
            return;
        }

        await context.Response.WriteAsJsonAsync(new JsonObject
        {
            ["id"] = $"https://{context.Request.Host}/secrets/{name}/{versions[index].Version}",
            ["value"] = versions[index].Value,
            ["attributes"] = new JsonObject { ["enabled"] = versions[index].Enabled },
        });
    }

    private static JsonObject Listed(HttpContext context, string name, (string Version, string Value, bool Enabled) entry, int age) => new()
    {
        ["id"] = $"https://{context.Request.Host}/secrets/{name}/{entry.Version}",
        ["attributes"] = new JsonObject { ["enabled"] = entry.Enabled, ["created"] = 1_700_000_000 + age },
    };
}

/// <summary>One RSA key in several versions that wraps and unwraps.</summary>
internal sealed class VaultKeys : IDisposable
{
    private readonly List<RSA> _versions = [RSA.Create(2048)];

    /// <summary>Makes a new version the one that wraps.</summary>
    public void Rotate() => _versions.Add(RSA.Create(2048));

    public async Task AnswerAsync(HttpContext context, string[] path)
    {
        var body = (await JsonNode.ParseAsync(context.Request.Body))!;
        if (body["alg"]!.GetValue<string>() != "RSA-OAEP-256")
        {
            await VaultServer.RefuseAsync(context, 400, "BadParameter");
            return;
        }

        var value = Base64Url.DecodeFromChars(body["value"]!.GetValue<string>());
        var (version, result) = path switch
        {
            [_, _, "wrapkey"] => (_versions.Count - 1, _versions[^1].Encrypt(value, RSAEncryptionPadding.OaepSHA256)),
            [_, _, var number, "unwrapkey"] => (Number(number), _versions[Number(number)].Decrypt(value, RSAEncryptionPadding.OaepSHA256)),
            _ => throw new InvalidOperationException(context.Request.Path),
        };
        await context.Response.WriteAsJsonAsync(new JsonObject
        {
            ["kid"] = $"https://{context.Request.Host}/keys/{path[1]}/v{version}",
            ["value"] = Base64Url.EncodeToString(result),
        });

        static int Number(string version) => int.Parse(version[1..], System.Globalization.CultureInfo.InvariantCulture);
    }

    public void Dispose() => _versions.ForEach(key => key.Dispose());
}

/// <summary>A single block blob that keeps the conditions of its requests.</summary>
internal sealed class StoredBlob
{
    private readonly Lock _lock = new();
    private int _etag;

    public string? Content { get; private set; }

    public void Put(string content)
    {
        lock (_lock)
        {
            Content = content;
            _etag++;
        }
    }

    public async Task AnswerAsync(HttpContext context)
    {
        var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
        var (status, error, answer) = Decide(context.Request, body);
        context.Response.StatusCode = status;
        context.Response.Headers.ETag = $"\"{_etag}\"";
        context.Response.Headers["x-ms-version"] = context.Request.Headers["x-ms-version"];
        context.Response.Headers.LastModified = DateTimeOffset.UnixEpoch.ToString("R");
        if (error is not null)
            context.Response.Headers["x-ms-error-code"] = error;
        if (answer is null)
            return;
        context.Response.ContentType = "application/xml";
        context.Response.Headers["x-ms-blob-type"] = "BlockBlob";
        await context.Response.WriteAsync(answer);
    }

    private (int Status, string? Error, string? Answer) Decide(HttpRequest request, string body)
    {
        lock (_lock)
        {
            if (request.Method == "GET")
                return Content is null ? (404, "BlobNotFound", null) : (200, null, Content);
            if (request.Headers.IfNoneMatch == "*" && Content is not null)
                return (409, "BlobAlreadyExists", null);
            if (request.Headers.IfMatch is { Count: > 0 } match && match != $"\"{_etag}\"")
                return (412, "ConditionNotMet", null);
            if (request.Headers.IfMatch.Count + request.Headers.IfNoneMatch.Count == 0)
                return (400, "TestRefusesUnconditionalWrites", null);
            Put(body);
            return (201, null, null);
        }
    }
}
