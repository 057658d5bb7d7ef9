using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using OmsWorkflows.Http;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Outbox;

/// <summary>One thing to be told: the same bytes under the same id, however often it is sent. Holds no personal data.</summary>
/// <param name="Subject">What it is about: a journey, or a deposit's transaction.</param>
/// <param name="Sequence">Its place among what is told of the subject, from 1.</param>
/// <param name="Type">What happened, such as <c>cashIn.codeIssued</c>.</param>
/// <param name="At">When it happened.</param>
/// <param name="Body">The JSON that is sent, in UTF-8.</param>
internal sealed record OutboxMessage(string Subject, long Sequence, string Type, DateTimeOffset At, ReadOnlyMemory<byte> Body)
{
    private const int IdLength = 26;

    /// <summary>Made of subject and sequence, so that a message that is written twice has one id.</summary>
    public string Id
        => "msg_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(OutboxKeys.Of(Subject, Sequence))))[..IdLength];

    public static OutboxMessage Of(string subject, long sequence, string type, DateTimeOffset at, JsonNode data)
    {
        var body = new JsonObject
        {
            ["type"] = type,
            ["timestamp"] = JsonSerializer.SerializeToNode(at.ToUniversalTime()),
            ["sequence"] = sequence,
            ["data"] = data.DeepClone(),
        };
        return new(subject, sequence, type, at, JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Options));
    }

    public TableEntity Write() => new(OutboxKeys.Subject(Subject), OutboxKeys.Message(Sequence))
    {
        ["Subject"] = Subject,
        ["Sequence"] = Sequence,
        ["Type"] = Type,
        ["At"] = At,
        ["Body"] = Body.ToArray(),
    };

    /// <summary>Finds it by the time of what happened.</summary>
    public TableEntity WriteLog() => new(OutboxKeys.Log(At), $"{OutboxKeys.Time(At)}:{OutboxKeys.Of(Subject, Sequence)}")
    {
        ["Subject"] = Subject,
        ["Sequence"] = Sequence,
        ["At"] = At,
    };

    /// <summary>Reads a row; null when it is damaged.</summary>
    public static OutboxMessage? Read(TableEntity row)
        => row.Text("Subject") is { } subject && row.Number("Sequence") is { } sequence && row.Time("At") is { } at
            && row.TryGetValue("Body", out var body) && body is byte[] bytes
            ? new(subject, sequence, row.Text("Type") ?? "", at, bytes)
            : null;
}
