using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using OmsWorkflows.Local.FunctionsHost.Settings;

namespace OmsWorkflows.Local.FunctionsHost.Keys;

/// <summary>The file with the keys. Only its owner may read it; it belongs in no repository.</summary>
internal sealed record KeyFile
{
    private const int ShortestKey = 20;
    private const int LongestFile = 1_000_000;
    private const string MadeAnew = "Delete the file to have it made anew.";

    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
    };

    /// <summary>Opens everything.</summary>
    public string MasterKey { get; init; } = "";

    /// <summary>By name: each opens all functions of level <c>function</c>.</summary>
    public IReadOnlyDictionary<string, string> HostKeys { get; init; } = new Dictionary<string, string>();

    /// <summary>By function and name: each opens that function.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> FunctionKeys { get; init; }
        = new Dictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>By name, such as <c>durabletask_extension</c>: each opens the HTTP interface of one extension.</summary>
    public IReadOnlyDictionary<string, string> SystemKeys { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads the file, or makes it with new keys. A system key that is not in it yet is added.</summary>
    /// <exception cref="StartRefusedException">It cannot be read or written, others may read it, or a key in it is too short.</exception>
    public static KeyFile Load(string path, string systemKey)
    {
        try
        {
            if (!File.Exists(path))
                return Write(path, new KeyFile { MasterKey = NewKey(), HostKeys = One("default"), SystemKeys = One(systemKey) });

            OwnFile.RefuseLooseMode("--keys", path);
            if (new FileInfo(path).Length > LongestFile)
                throw new StartRefusedException($"--keys {path} is no file of keys: it is larger than {LongestFile} bytes. Name another.");

            var file = Parse(path);
            foreach (var (name, key) in file.All())
            {
                if (key is not { Length: >= ShortestKey } || key.Any(character => character is <= ' ' or > '~'))
                {
                    const string rule = "must be a text of printable ASCII without spaces, with at least";
                    throw new StartRefusedException($"--keys {path}: {name} {rule} {ShortestKey} characters. {MadeAnew}");
                }
            }

            return file.SystemKeys.ContainsKey(systemKey)
                ? file
                : Write(path, file with { SystemKeys = new Dictionary<string, string>(file.SystemKeys) { [systemKey] = NewKey() } });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"--keys {path} cannot be read or written: {StartRefusedException.Cause(e)}", e);
        }
    }

    private static KeyFile Parse(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<KeyFile>(File.ReadAllText(path), Readable) ?? throw new JsonException("it is null.");
        }
        catch (JsonException e)
        {
            const string form = "must be a JSON object with masterKey, hostKeys, functionKeys and systemKeys";
            // What the parser says quotes what it cannot read, which may be a key.
            var where = e.LineNumber is { } line ? $"; line {line + 1}, byte {e.BytePositionInLine + 1} {e.Path}" : "";
            throw new StartRefusedException($"--keys {path} {form}, once each{where}. {MadeAnew}");
        }
    }

    /// <summary>In a dictionary a null is not refused where the file is read.</summary>
    private IEnumerable<(string Name, string? Key)> All() =>
    [
        ("masterKey", MasterKey),
        .. Named("hostKeys", HostKeys),
        .. FunctionKeys.SelectMany(function => Named($"functionKeys.{function.Key}", function.Value)),
        .. Named("systemKeys", SystemKeys),
    ];

    private static IEnumerable<(string Name, string? Key)> Named(string name, IReadOnlyDictionary<string, string>? keys)
        => keys is null ? [(name, null)] : keys.Select(key => ($"{name}.{key.Key}", (string?)key.Value));

    private static KeyFile Write(string path, KeyFile file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var next = $"{path}.next";
        File.Delete(next);
        using (var stream = OwnFile.Create(next))
            JsonSerializer.Serialize(stream, file, Readable);

        File.Move(next, path, overwrite: true);
        return file;
    }

    private static Dictionary<string, string> One(string name) => new() { [name] = NewKey() };

    private static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
}
