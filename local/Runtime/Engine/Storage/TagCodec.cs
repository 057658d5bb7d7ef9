using System.Text.Json;

namespace OmsWorkflows.Local.Runtime.Engine.Storage;

/// <summary>Tags of an instance as JSON.</summary>
internal static class TagCodec
{
    public static byte[]? Write(IReadOnlyDictionary<string, string>? tags) =>
        tags is { Count: > 0 } ? JsonSerializer.SerializeToUtf8Bytes(tags) : null;

    public static IReadOnlyDictionary<string, string>? Read(ReadOnlySpan<byte> data) =>
        data.IsEmpty ? null : JsonSerializer.Deserialize<Dictionary<string, string>>(data);
}
