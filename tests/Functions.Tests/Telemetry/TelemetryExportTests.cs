using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Telemetry;
using OpenTelemetry.Logs;

namespace OmsWorkflows.Functions.Tests.Telemetry;

/// <summary>What Azure Monitor receives, seen by a server in its place.</summary>
public sealed class TelemetryExportTests : IAsyncLifetime
{
    private const int Entries = 50;
    private readonly ConcurrentQueue<JsonNode> _received = new();
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication _ingestion = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddRequestDecompression();
        _ingestion = builder.Build();
        _ingestion.UseRequestDecompression();
        _ingestion.Urls.Add("http://127.0.0.1:0");
        _ingestion.MapPost("/v2.1/track", async (HttpRequest request) =>
        {
            using var body = new StreamReader(request.Body);
            var items = (await body.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            foreach (var item in items.Select(item => JsonNode.Parse(item)!["data"]!["baseData"]!).Where(IsOurs))
                _received.Enqueue(item);
            if (_received.Count >= Entries)
                _all.TrySetResult();
            return Results.Ok(new { itemsReceived = items.Length, itemsAccepted = items.Length, errors = Array.Empty<object>() });
        });
        await _ingestion.StartAsync();
    }

    public ValueTask DisposeAsync() => _ingestion.DisposeAsync();

    [Fact]
    public async Task Log_entries_of_traces_that_are_not_sampled_all_arrive_with_event_id_and_text()
    {
        using var host = Start();
        var logger = host.Services.GetRequiredService<ILogger<TelemetryExportTests>>();

        for (var i = 0; i < Entries; i++)
        {
            using var unsampled = new Activity("unsampled").Start();
            unsampled.ActivityTraceFlags = ActivityTraceFlags.None;
            logger.Log(LogLevel.Error, new EventId(1103, "SettlementUnclaimed"), "Settlement {Number} is unclaimed", i);
        }

        host.Services.GetRequiredService<LoggerProvider>().ForceFlush();
        await _all.Task.WaitAsync(Limits.Wait, TestContext.Current.CancellationToken);
        _received.Select(entry => entry["message"]!.GetValue<string>()).Should().OnlyHaveUniqueItems().And
            .Contain("Settlement 49 is unclaimed");
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Spans_are_recorded_only_where_somebody_gets_them()
    {
        using var source = new ActivitySource($"{AppTelemetry.Name}.Tests");
        using (Start())
            source.HasListeners().Should().BeTrue();

        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.AddTelemetry();
        using var alone = builder.Build();
        alone.Start();

        source.HasListeners().Should().BeFalse();
    }

    [Fact]
    public void Log_levels_quieten_libraries_until_a_setting_says_otherwise()
    {
        Levels([]).IsEnabled(LogLevel.Information).Should().BeFalse("one call of a table would be several lines");
        Levels(new() { ["Logging:LogLevel:Azure.Core"] = "Information" }).IsEnabled(LogLevel.Information).Should().BeTrue();

        static ILogger Levels(Dictionary<string, string?> settings)
        {
            var builder = Host.CreateApplicationBuilder();
            builder.Configuration.AddInMemoryCollection(settings);
            builder.Services.AddLogLevels();
            return builder.Build().Services.GetRequiredService<ILoggerFactory>().CreateLogger("Azure.Core");
        }
    }

    private static bool IsOurs(JsonNode item) => item["properties"]?["EventId"]?.GetValue<string>() == "1103";

    private IHost Start()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"] =
            $"InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint={_ingestion.Urls.Single()}/";
        builder.AddTelemetry();
        var host = builder.Build();
        host.Start();
        return host;
    }
}
