using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OmsWorkflows.Oms;

/// <summary>Makes requests that know their route.</summary>
internal static class OmsRequest
{
    /// <summary>The exchange of the API key for an access token.</summary>
    public const string TokenPath = "/auth/token";

    private static readonly HttpRequestOptionsKey<string> RouteKey = new("oms.route");

    /// <param name="method">HTTP method.</param>
    /// <param name="path">Path below the version, and query.</param>
    /// <param name="template">The path without ids, for messages, logs and metrics.</param>
    public static HttpRequestMessage Create(HttpMethod method, string path, string template)
    {
        var request = new HttpRequestMessage(method, path);
        request.Options.Set(RouteKey, $"{method} {template}");
        return request;
    }

    /// <summary>A body that is serialised once, so that every attempt sends the same bytes.</summary>
    public static ByteArrayContent Body<T>(T value, JsonTypeInfo<T> type)
        => new(JsonSerializer.SerializeToUtf8Bytes(value, type))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
        };

    /// <summary>Method and path template.</summary>
    public static string RouteOf(HttpRequestMessage request) => request.Options.TryGetValue(RouteKey, out var route) ? route : "unknown";

    /// <summary>Whether it exchanges the API key.</summary>
    public static bool IsTokenExchange(HttpRequestMessage request) => RouteOf(request) == $"{HttpMethod.Post} {TokenPath}";

    /// <summary>Reading and deleting, and what carries a key; a PATCH is repeated by whoever asked for it.</summary>
    public static bool IsRepeatable(HttpRequestMessage request)
        => request.Method == HttpMethod.Get || request.Method == HttpMethod.Delete || request.Headers.Contains(IdempotencyKeyHandler.Header)
        || IsTokenExchange(request);
}
