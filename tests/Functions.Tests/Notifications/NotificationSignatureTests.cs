using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OmsWorkflows.Functions.Tests.Outbox;
using OmsWorkflows.Notifications;
using OmsWorkflows.Outbox;
using OmsWorkflows.Secrets;

namespace OmsWorkflows.Functions.Tests.Notifications;

/// <summary>Signatures are verified by the public Standard Webhooks library, which shares no line with this app.</summary>
public sealed class NotificationSignatureTests
{
    private const string Next = "whsec_YW5vdGhlciBzZWNyZXQgb2Ygc29tZSBieXRlcyE=";
    private const string Other = "whsec_bm9ib2R5IHNpZ25zIHdpdGggdGhpcyBzZWNyZXQ=";

    private const string Verifier = """
        const { Webhook } = require("standardwebhooks");
        const cases = JSON.parse(require("fs").readFileSync(0, "utf8"));
        console.log(JSON.stringify(cases.map(({ secret, headers, body }) => {
          try { return new Webhook(secret).verify(Buffer.from(body, "base64"), headers).type; } catch (e) { return e.name; }
        })));
        """;

    [Fact]
    public async Task The_public_library_takes_what_is_signed_and_nothing_else()
    {
        var now = TimeProvider.System.GetUtcNow();
        var message = OutboxMessage.Of("ci-1", 7, "cashIn.codeIssued", now, new JsonObject { ["store"] = "Café №1 \"é\" \u2028" });
        var body = message.Body.ToArray();
        var both = Headers(message, now, body, Outboxes.Secret, Next);
        byte[] changed = [.. body[..^2], (byte)' ', .. body[^2..]];

        var verdicts = await VerifyAsync(
            Case(Outboxes.Secret, Headers(message, now, body, Outboxes.Secret), body),
            Case(Outboxes.Secret, both, body),
            Case(Next, both, body),
            Case(Other, both, body),
            Case(Outboxes.Secret, both, changed),
            Case(Outboxes.Secret, Headers(message, now - TimeSpan.FromMinutes(6), body, Outboxes.Secret), body));

        verdicts.Should().Equal(
            "cashIn.codeIssued", "cashIn.codeIssued", "cashIn.codeIssued",
            "WebhookVerificationError", "WebhookVerificationError", "WebhookVerificationError");
    }

    [Theory]
    [InlineData(Outboxes.Secret, true)]
    [InlineData("whsec_", false)]
    [InlineData("whsec_c2hvcnQ=", false)]
    [InlineData("whsec_not base64 at all, though long enough", false)]
    [InlineData("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_secret_has_the_form_of_Standard_Webhooks(string? secret, bool usable)
        => NotificationSecret.TryRead(secret, out _).Should().Be(usable);

    private static JsonObject Case(string secret, JsonObject headers, byte[] body)
        => new() { ["secret"] = secret, ["headers"] = headers.DeepClone(), ["body"] = Convert.ToBase64String(body) };

    private static JsonObject Headers(OutboxMessage message, DateTimeOffset at, byte[] body, params string[] secrets) => new()
    {
        [NotificationSignature.IdHeader] = message.Id,
        [NotificationSignature.TimestampHeader] = NotificationSignature.Timestamp(at),
        [NotificationSignature.SignatureHeader] = NotificationSignature.Sign(message.Id, at, body, secrets.Select(Key)),
    };

    private static byte[] Key(string secret) => NotificationSecret.TryRead(secret, out var key) ? key : [];

    private static async Task<string[]> VerifyAsync(params JsonObject[] cases)
    {
        var start = new ProcessStartInfo("node")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..")),
            ArgumentList = { "-e", Verifier },
            StandardInputEncoding = new UTF8Encoding(false),
        };
        using var node = Process.Start(start)!;
        await node.StandardInput.WriteAsync(new JsonArray([.. cases]).ToJsonString());
        node.StandardInput.Close();
        var errors = node.StandardError.ReadToEndAsync();
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        node.ExitCode.Should().Be(0, await errors);
        return JsonSerializer.Deserialize<string[]>(output)!;
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
