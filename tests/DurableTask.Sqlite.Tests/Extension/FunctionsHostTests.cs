using DurableTask.Sqlite.Extension;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Azure.WebJobs.Extensions.DurableTask.ContextImplementations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DurableTask.Sqlite.Tests.Extension;

/// <summary>The provider inside the published Durable Functions extension, chosen by settings alone.</summary>
public sealed class FunctionsHostTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dt-sqlite-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_app_that_names_sqlite_runs_its_orchestrations_on_it()
    {
        var path = Path.Combine(_folder.FullName, "hub.db");
        using var host = Build(typeof(Functions), ("path", path));
        await host.StartAsync(TestContext.Current.CancellationToken);
        var client = host.Services.GetRequiredService<IDurableClientFactory>().CreateClient();

        var id = await client.StartNewAsync<string>(nameof(Functions.Greet), "Ada");
        await Eventually.TrueAsync(async () => (await client.GetStatusAsync(id)).RuntimeStatus == OrchestrationRuntimeStatus.Completed);

        var status = await client.GetStatusAsync(id, showHistory: true);
        status.Output.ToString().Should().Be("Hello Ada, hello sub Ada");
        status.History.Should().HaveCountGreaterThan(3);
        File.Exists(path).Should().BeTrue();
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("pathh", "x", "storageProvider.pathh is not a setting of the sqlite provider")]
    [InlineData("retention", "soon", "storageProvider.retention is 'soon'")]
    [InlineData("maxCachedInstances", "many", "storageProvider.maxCachedInstances is 'many'")]
    public void A_setting_that_is_wrong_is_refused_by_name(string key, string value, string expected)
    {
        using var host = Build(typeof(Functions), ("path", Path.Combine(_folder.FullName, "hub.db")), (key, value));

        var start = () => host.StartAsync(TestContext.Current.CancellationToken).GetAwaiter().GetResult();

        start.Should().Throw<Exception>().Where(e => e.ToString().Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Entities_are_refused_by_name()
    {
        using var host = Build(typeof(Counter), ("path", Path.Combine(_folder.FullName, "hub.db")));

        var start = () => host.StartAsync(TestContext.Current.CancellationToken);

        (await start.Should().ThrowAsync<Exception>()).Which.ToString().Should().Contain("does not run entities; the app has Counter");
    }

    [Fact]
    public async Task A_file_that_is_in_use_is_refused_in_one_line()
    {
        var path = Path.Combine(_folder.FullName, "hub.db");
        using var owner = new SqliteOrchestrationService(new SqliteOrchestrationServiceOptions { DatabasePath = path });
        await owner.CreateAsync();
        using var host = Build(typeof(Functions), ("path", path));

        var start = () => host.StartAsync(TestContext.Current.CancellationToken);

        (await start.Should().ThrowAsync<Exception>()).Which.ToString()
            .Should().Contain($"The database {path} is in use by another process");
    }

    private static IHost Build(Type functions, params (string Key, string Value)[] settings) => new HostBuilder()
        .ConfigureAppConfiguration(configuration => configuration.AddInMemoryCollection(
        [
            new("AzureWebJobs:extensions:durableTask:hubName", "test"),
            new("AzureWebJobs:extensions:durableTask:storageProvider:type", "sqlite"),
            .. settings.Select(setting => new KeyValuePair<string, string?>(
                "AzureWebJobs:extensions:durableTask:storageProvider:" + setting.Key, setting.Value)),
        ]))
        .ConfigureWebJobs(builder =>
        {
            builder.AddDurableTask();
            new SqliteProviderStartup().Configure(builder);
        })
        .ConfigureServices(services =>
        {
            services.AddSingleton<ITypeLocator>(new Located(functions));
            services.AddDurableClientFactory(options => options.TaskHub = "test");
        })
        .Build();

    private sealed class Located(params Type[] types) : ITypeLocator
    {
        public IReadOnlyList<Type> GetTypes() => types;
    }

    public sealed class Counter
    {
        [FunctionName(nameof(Counter))]
        public static Task Run([EntityTrigger] IDurableEntityContext context) => context.DispatchAsync<Counter>();
    }

    public static class Functions
    {
        [FunctionName(nameof(Greet))]
        public static async Task<string> Greet([OrchestrationTrigger] IDurableOrchestrationContext context)
        {
            var name = context.GetInput<string>();
            var first = await context.CallActivityAsync<string>(nameof(Hello), name);
            await context.CreateTimer(context.CurrentUtcDateTime.AddMilliseconds(50), CancellationToken.None);
            return first + ", " + await context.CallSubOrchestratorAsync<string>(nameof(Sub), name);
        }

        [FunctionName(nameof(Sub))]
        public static Task<string> Sub([OrchestrationTrigger] IDurableOrchestrationContext context)
            => Task.FromResult("hello sub " + context.GetInput<string>());

        [FunctionName(nameof(Hello))]
        public static string Hello([ActivityTrigger] string name) => "Hello " + name;
    }
}
