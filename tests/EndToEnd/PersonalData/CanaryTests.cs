using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using OmsWorkflows.Machines;

namespace OmsWorkflows.EndToEnd.PersonalData;

/// <summary>
/// A person with a mark in every field is onboarded, corrected, paid for, with OMS failing and the app killed on the way; then the marks
/// are looked for wherever the app writes or says anything (docs/decisions/0005-personal-data.md).
/// </summary>
public sealed class CanaryTests(CanaryTests.Ground ground) : IClassFixture<CanaryTests.Ground>
{
    public sealed class Ground : LocalMachine
    {
        internal TelemetryCollector Telemetry { get; } = new();

        internal ReceiverProcess Receiver { get; } = new();

        internal override MachineSettings Settings => new()
        {
            App = new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Telemetry.Url,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "500",
                ["OTEL_BLRP_SCHEDULE_DELAY"] = "500",
                ["Logging:LogLevel:Default"] = "Trace",
                ["Onboarding:Poll"] = "00:00:01",
                ["Notifications:Endpoints:team"] = Receiver.Url,
                ["Notifications:CurrentSecret"] = Receiver.Secret,
            },
        };
    }

    [Fact]
    public async Task No_mark_of_a_person_is_found_anywhere()
    {
        using var receiver = ground.Receiver;
        receiver.Start();
        var answers = new StringBuilder();
        string[] issues = ["residentialAddress"];
        await ground.Sandbox.PostAsync("/_sim/endorsements", new { decision = "issues", externalId = "qz-external-id", issues });
        await ground.Sandbox.AddFaultsAsync(
            new JsonObject
            {
                ["fault"] = "status",
                ["status"] = 500,
                ["times"] = 8,
                ["match"] = new JsonObject { ["method"] = "POST", ["path"] = "/customers" },
            },
            new JsonObject { ["fault"] = "cutAfter", ["times"] = 1, ["match"] = new JsonObject { ["method"] = "PATCH" } },
            new JsonObject { ["fault"] = "badSignature", ["times"] = 1 });

        // What is refused is refused without being repeated.
        (string Field, JsonNode Wrong)[] mistakes =
        [
            ("email", "qzmail"),
            ("phone", "12025559187"),
            ("birthDate", "1903-04-05x"),
            ("ipAddress", "203.0.113.187x"),
            ("nationality", "Qzcity"),
        ];
        foreach (var (field, wrong) in mistakes)
            (await SendAsync(HttpMethod.Post, "/api/cash-ins", MarkedPerson.Wrong(field, wrong), answers))
                .Should().Be(HttpStatusCode.BadRequest);

        (await SendAsync(HttpMethod.Post, "/api/cash-ins", MarkedPerson.CashIn(), answers, "canary")).Should().Be(HttpStatusCode.Accepted);
        (await SendAsync(HttpMethod.Post, "/api/cash-ins", MarkedPerson.Wrong("middleName", "Other"), answers, "canary"))
            .Should().Be(HttpStatusCode.Conflict);
        var receipt = answers.ToString().Split('\n').Single(line => line.Contains("receivedAt", StringComparison.Ordinal));
        var id = JsonSerializer.Deserialize<Receipt>(receipt, JsonSerializerOptions.Web)?.Id
            ?? throw new InvalidOperationException($"The receipt has no id: {receipt}");
        await LookAsync(id, answers, "while the applicant is stored");

        await ground.UntilPhaseAsync(id, "AwaitingApplicant");
        await ground.Machine.App.KillAsync();
        await ground.Machine.App.StartAsync(default);
        await ground.App.WaitUntilReadyAsync(default);
        (await SendAsync(HttpMethod.Patch, $"/api/cash-ins/{id}/applicant", MarkedPerson.Supplement(), answers))
            .Should().Be(HttpStatusCode.Accepted);
        await ground.PayAsync(id, 120m);
        answers.AppendLine((await ground.UntilPhaseAsync(id, "Completed")).ToString());
        (await SendAsync(HttpMethod.Post, "/api/journeys/find", new() { ["email"] = " QZMAIL@example.test" }, answers))
            .Should().Be(HttpStatusCode.OK);
        answers.ToString().Split('\n').Last(line => line.Length > 0).Should().Contain(id, "the person is found by e-mail");
        (await ground.Sandbox.CustomerAsync("qz-external-id")).LastName
            .Should().Be("Qzlastname", "the person is known at OMS, and only there");
        await LookAsync(id, answers, "after the end");
    }

    /// <summary>Every place must hold the journey's id, or looking there would prove nothing, and none of the marks.</summary>
    private async Task LookAsync(string id, StringBuilder answers, string when)
    {
        var found = new List<string>();
        foreach (var (place, read) in Places(answers))
        {
            await EventuallyAsync(async () => Holds(await read(), id), $"{place} names the journey {when}");
            var content = await read();
            found.AddRange(MarkedPerson.Marks.Where(mark => Holds(content, mark)).Select(mark => $"{place}: {mark}"));
        }

        found.Should().BeEmpty("no personal data is left behind {0}", when);
    }

    private IEnumerable<(string Place, Func<Task<byte[]>> Read)> Places(StringBuilder answers) =>
    [
        ("history", () => FilesAsync("durable.db", "durable.db-wal")),
        ("tables", TablesAsync),
        ("log", () => FilesAsync("app.log")),
        ("traces", () => Task.FromResult(ground.Telemetry.Of("traces"))),
        ("exported logs", () => Task.FromResult(ground.Telemetry.Of("logs"))),
        ("answers", () => Task.FromResult(Encoding.UTF8.GetBytes(answers.ToString()))),
        ("notifications", () => Task.FromResult(ground.Receiver.ReadAll())),
    ];

    private async Task<byte[]> FilesAsync(params string[] names)
    {
        using var all = new MemoryStream();
        foreach (var file in names.Select(name => Path.Combine(ground.Machine.Folder, name)).Where(File.Exists))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            await stream.CopyToAsync(all);
        }

        return all.ToArray();
    }

    private async Task<byte[]> TablesAsync()
    {
        var service = new TableServiceClient(ground.Machine.Azurite.ConnectionString);
        var all = new StringBuilder();
        await foreach (var table in service.QueryAsync())
            await foreach (var row in service.GetTableClient(table.Name).QueryAsync<TableEntity>())
                all.AppendLine(
                    JsonSerializer.Serialize(row.ToDictionary(property => property.Key, property => Text(property.Value))));
        return Encoding.UTF8.GetBytes(all.ToString());
    }

    private static string? Text(object? value) => value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : value?.ToString();

    private async Task<HttpStatusCode> SendAsync(HttpMethod method, string path, JsonObject body, StringBuilder answers, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", key ?? $"e2e-{Guid.NewGuid():N}");
        using var response = await ground.App.Http.SendAsync(request);
        answers.AppendLine(await response.Content.ReadAsStringAsync());
        return response.StatusCode;
    }

    private static async Task EventuallyAsync(Func<Task<bool>> holds, string what)
    {
        using var limit = new CancellationTokenSource(Limits.Wait);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await holds())
        {
            limit.IsCancellationRequested.Should().BeFalse(what);
            await timer.WaitForNextTickAsync();
        }
    }

    private sealed record Receipt(string Id);

    private static bool Holds(ReadOnlySpan<byte> content, string text) => content.IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
}
