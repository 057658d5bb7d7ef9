using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace OmsWorkflows.Local.Runtime.Worker.Http;

/// <summary>The two keys of the app, kept in a file that is written on the first start. Compared in constant time.</summary>
internal sealed class FunctionKeys
{
    private readonly byte[] _master;
    private readonly byte[] _default;

    private FunctionKeys(string master, string @default)
    {
        _master = Encoding.UTF8.GetBytes(master);
        _default = Encoding.UTF8.GetBytes(@default);
    }

    /// <summary>Reads the keys, or makes them and writes the file so that only its owner can read it.</summary>
    /// <exception cref="InvalidOperationException">The file does not hold two keys.</exception>
    public static FunctionKeys Load(string path)
    {
        if (!File.Exists(path))
            Write(path);

        try
        {
            var keys = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path))!;
            return new FunctionKeys(keys["master"], keys["default"]);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or NullReferenceException)
        {
            throw new InvalidOperationException($"{path} must be a JSON object with the keys \"master\" and \"default\". Delete it to have it made anew.", e);
        }
    }

    /// <summary>Whether the request shows a key that is good for <paramref name="level"/>.</summary>
    public bool Allow(HttpRequest request, AuthorizationLevel level)
    {
        if (level is AuthorizationLevel.Anonymous or AuthorizationLevel.User)
            return true;

        var shown = request.Headers["x-functions-key"].ToString();
        if (shown.Length == 0)
            shown = request.Query["code"].ToString();
        var bytes = Encoding.UTF8.GetBytes(shown);
        return CryptographicOperations.FixedTimeEquals(bytes, _master)
            || (level == AuthorizationLevel.Function && CryptographicOperations.FixedTimeEquals(bytes, _default));
    }

    private static void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var keys = new Dictionary<string, string> { ["master"] = NewKey(), ["default"] = NewKey() };
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        JsonSerializer.Serialize(file, keys);
    }

    private static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
}
