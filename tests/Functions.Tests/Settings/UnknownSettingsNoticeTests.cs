using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Settings;

namespace OmsWorkflows.Functions.Tests.Settings;

public sealed class UnknownSettingsNoticeTests
{
    [Fact]
    public async Task Start_names_each_setting_that_nothing_reads_and_what_there_is_but_no_value()
    {
        var said = await StartAsync(
            ("Journeys:Retension", "7.00:00:00"),
            ("Journeys:retention", "8.00:00:00"),
            ("Journeys:More:Deep", "x"),
            ("Journeys:Named:own", "1"),
            ("Elsewhere:Any", "x"));

        said.Should().HaveCount(2).And.OnlyContain(line => line.Contains("Journeys has Limit, Named, Retention"));
        said.Should().ContainSingle(line => line.StartsWith("Warning 9101 Setting Journeys:Retension is not known and has no effect"));
        said.Should().ContainSingle(line => line.StartsWith("Warning 9101 Setting Journeys:More is not known"));
        said.Should().NotContain(line => line.Contains("7.00:00:00"));
    }

    [Fact]
    public async Task Start_of_settings_that_are_all_read_says_nothing()
        => (await StartAsync(("Journeys:Retention", "8.00:00:00"), ("Journeys:Limit", "3"))).Should().BeEmpty();

    private static async Task<IReadOnlyList<string>> StartAsync(params (string Name, string Value)[] settings)
    {
        var logger = new ListLogger<UnknownSettingsNotice>();
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(
                new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Name, s => (string?)s.Value)).Build())
            .AddSingleton<ILogger<UnknownSettingsNotice>>(logger);
        services.AddOptions<Retained>().BindSettings("Journeys");
        services.AddOptions<Limited>().BindSettings("Journeys");
        await using var provider = services.BuildServiceProvider();
        foreach (var hosted in provider.GetServices<IHostedService>())
            await hosted.StartAsync(CancellationToken.None);
        return [.. logger.Lines];
    }

    private sealed class Retained
    {
        public TimeSpan Retention { get; set; }

        public Dictionary<string, string> Named { get; } = [];
    }

    private sealed class Limited
    {
        public int Limit { get; set; }
    }
}
