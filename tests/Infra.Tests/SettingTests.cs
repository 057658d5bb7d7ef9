using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OmsWorkflows.Infra.Tests;

public sealed partial class SettingTests
{
    /// <summary>Settings that exist for one machine only, and what stands in their place in Azure.</summary>
    private static readonly Dictionary<string, string> LocalOnly = new()
    {
        ["Tables:ConnectionString"] = "Tables:ServiceUri",
        ["Secrets:File"] = "Secrets:VaultUri",
        ["DataProtection:Directory"] = "DataProtection:BlobUri",
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "APPLICATIONINSIGHTS_CONNECTION_STRING",
    };

    /// <summary>Secrets come from the vault (functions/Secrets/SecretSettings.cs).</summary>
    private static readonly string[] Secrets = ["Oms:ApiKey", "Oms:ApiSecret", "Webhooks:CurrentSecret", "Webhooks:NextSecret"];

    /// <summary>What the Functions host reads: its storage, its telemetry, its limits.</summary>
    private static readonly string[] HostSettings =
    [
        "AzureWebJobsStorage:blobServiceUri", "AzureWebJobsStorage:credential", "AzureWebJobsStorage:clientId",
        "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT",
    ];

    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void EverySettingWithoutAValueOfItsOwn_IsSetByTheTemplate(string environment)
    {
        var set = Names(Deployment.Of(environment));
        var needed = AppSource.Settings.Where(setting => !setting.Value).Select(setting => setting.Key).Except(Secrets).Except(LocalOnly.Keys);

        needed.Should().NotBeEmpty().And.BeSubsetOf(set);
        set.Should().Contain(LocalOnly.Where(pair => AppSource.Settings.ContainsKey(pair.Key)).Select(pair => pair.Value));
    }

    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void EverySettingOfTheTemplate_IsReadByTheAppOrItsHost(string environment)
    {
        var read = AppSource.Settings.Keys.Concat(HostSettings).Concat(ReadByHostJson(environment));

        Names(Deployment.Of(environment)).Should().BeSubsetOf(read);
    }

    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void NoSecretIsASetting(string environment)
    {
        var deployment = Deployment.Of(environment);

        Names(deployment).Should().NotIntersectWith(Secrets);
        deployment.AppSettings.Values.Should().AllSatisfy(value => value.Should().NotMatchRegex("(?i)AccountKey|SharedAccess|listKeys"));
    }

    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void HostJson_AndTheTemplateNameTheSameBackend(string environment)
    {
        var deployment = Deployment.Of(environment);
        var backend = HostJson(environment)["storageProvider"]!;

        deployment.AppSettings[StorageProvider + "type"].Should().Be(backend["type"]!.GetValue<string>());
        var connection = Connection(backend.AsObject());
        deployment.AppSettings[StorageProvider + connection.Key].Should().Be(connection.Value!.GetValue<string>());
        HostJson(environment)["hubName"]!.GetValue<string>().Should().Be("%TASKHUB_NAME%");
        deployment.AppSettings["TASKHUB_NAME"].Should().MatchRegex("^[a-zA-Z][a-zA-Z0-9]{2,44}$");
    }

    [Fact]
    public void HostJsonFiles_DifferInTheBackendOnly()
    {
        var (storage, scheduler) = (JsonNode.Parse(Repository.Read("host.json"))!, JsonNode.Parse(Repository.Read("host.scheduler.json"))!);
        storage["extensions"]!["durableTask"]!.AsObject().Remove("storageProvider").Should().BeTrue();
        scheduler["extensions"]!["durableTask"]!.AsObject().Remove("storageProvider").Should().BeTrue();

        JsonNode.DeepEquals(storage, scheduler).Should().BeTrue();
    }

    [Fact]
    public void HostJson_RejectsOrchestrationsOfNewerVersions()
    {
        var durable = HostJson("dev");

        durable["defaultVersion"]!.GetValue<string>().Should().NotBeEmpty();
        durable["versionMatchStrategy"]!.GetValue<string>().Should().Be("CurrentOrOlder");
        durable["versionFailureStrategy"]!.GetValue<string>().Should().Be("Reject");
        durable["maxQueuePollingInterval"].Should().BeNull("it belongs under storageProvider; elsewhere it has no effect");
        durable["storageProvider"]!["maxQueuePollingInterval"].Should().NotBeNull();
    }

    /// <summary>The documents that name settings.</summary>
    public static TheoryData<string> Documents => [.. Directory.EnumerateFiles(Repository.Root, "*.md")
        .Concat(Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md")).Select(file => Path.GetRelativePath(Repository.Root, file)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Documents))]
    public void EverySettingInTheDocuments_ExistsInTheCode(string document)
    {
        var sections = AppSource.Settings.Keys.Where(name => name.Contains(':', StringComparison.Ordinal)).Select(name => name.Split(':')[0]).ToHashSet();
        var named = SettingName().Matches(Repository.Read(document)).Select(match => match.Groups["name"].Value.Replace("__", ":", StringComparison.Ordinal))
            .Where(name => sections.Contains(name.Split(':')[0])).Distinct();

        named.Should().BeSubsetOf(AppSource.Settings.Keys);
    }

    [Fact]
    public void Settings_AreFoundInTheSource() =>
        AppSource.Settings.Keys.Should().Contain(["Oms:BaseUrl", "Tables:ServiceUri", "Secrets:VaultUri", "DataProtection:KeyUri", "AZURE_CLIENT_ID"]);

    private const string StorageProvider = "AzureFunctionsJobHost__extensions__durableTask__storageProvider__";

    private static IEnumerable<string> Names(Deployment deployment) =>
        deployment.AppSettings.Keys.Select(name => name.Replace("__", ":", StringComparison.Ordinal));

    /// <summary>Names between percent signs, the connection of the backend with its parts, and the members that the host lets settings override.</summary>
    private static IEnumerable<string> ReadByHostJson(string environment)
    {
        var durable = HostJson(environment);
        var provider = durable["storageProvider"]!.AsObject();
        var connection = Connection(provider).Value!.GetValue<string>();
        return [
            .. Placeholder().Matches(durable.ToJsonString()).Select(match => match.Groups["name"].Value),
            connection, $"{connection}:blobServiceUri", $"{connection}:queueServiceUri", $"{connection}:tableServiceUri", $"{connection}:credential", $"{connection}:clientId",
            .. provider.Select(member => StorageProvider.Replace("__", ":", StringComparison.Ordinal) + member.Key),
        ];
    }

    /// <summary>The backends spell it differently.</summary>
    private static KeyValuePair<string, JsonNode?> Connection(JsonObject provider) =>
        provider.Single(member => member.Key is "connectionName" or "connectionStringName");

    private static JsonObject HostJson(string environment) =>
        JsonNode.Parse(Repository.Read(Deployment.Of(environment).UsesScheduler ? "host.scheduler.json" : "host.json"))!
            ["extensions"]!["durableTask"]!.AsObject();

    [GeneratedRegex("%(?<name>[A-Z_]+)%")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"`(?<name>[A-Z][A-Za-z]+(:|__)[A-Z][A-Za-z]+)\b")]
    private static partial Regex SettingName();
}
