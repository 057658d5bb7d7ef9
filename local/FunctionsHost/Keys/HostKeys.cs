using System.Security.Cryptography;
using System.Text;

namespace OmsWorkflows.Local.FunctionsHost.Keys;

/// <summary>The keys of the app, and which of them opens what. Compared in constant time.</summary>
internal sealed class HostKeys(KeyFile file)
{
    /// <summary>Opens the management API of the Durable extension.</summary>
    public static string SystemKeyName(string extension) => $"{extension}_extension";

    /// <summary>The key that opens the HTTP interface of an extension.</summary>
    public string SystemKey(string extension) => file.SystemKeys[SystemKeyName(extension)];

    /// <summary>Whether the request may call a function.</summary>
    public bool Allow(HttpRequest request, AuthLevel level, string function) => level switch
    {
        AuthLevel.Anonymous => true,
        AuthLevel.Function => Shows(request, [file.MasterKey, .. file.HostKeys.Values, .. OwnKeys(function)]),
        _ => Shows(request, [file.MasterKey]),
    };

    /// <summary>Whether the request may use the HTTP interface of an extension.</summary>
    public bool AllowExtension(HttpRequest request, string extension)
        => Shows(request, file.SystemKeys.TryGetValue(SystemKeyName(extension), out var key) ? [file.MasterKey, key] : [file.MasterKey]);

    private IEnumerable<string> OwnKeys(string function) => file.FunctionKeys
        .Where(keys => string.Equals(keys.Key, function, StringComparison.OrdinalIgnoreCase))
        .SelectMany(keys => keys.Value.Values);

    /// <summary>The key of a request, if any; the header counts before the query.</summary>
    public static string Shown(HttpRequest request)
        => request.Headers["x-functions-key"].ToString() is { Length: > 0 } header ? header : request.Query["code"].ToString();

    /// <summary>All keys are compared, by their hashes, so the time says neither which one matched nor how far.</summary>
    private static bool Shows(HttpRequest request, IEnumerable<string> keys)
    {
        var hash = Hash(Shown(request));
        var matches = false;
        foreach (var key in keys)
            matches |= CryptographicOperations.FixedTimeEquals(hash, Hash(key));

        return matches;
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
