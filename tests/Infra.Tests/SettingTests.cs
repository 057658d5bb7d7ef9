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
        ["Backup:ConnectionString"] = "Backup:ContainerUri",
        ["DataProtection:Directory"] = "DataProtection:BlobUri",
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "APPLICATIONINSIGHTS_CONNECTION_STRING",
    };

    /// <summary>Secrets come from the vault (functions/Secrets/SecretSettings.cs).</summary>
    private static readonly string[] Secrets =
    [
        "Oms:ApiKey", "Oms:ApiSecret", "Webhooks:CurrentSecret", "Webhooks:NextSecret", "Notifications:CurrentSecret",
        "Notifications:NextSecret",
    ];

    /// <summary>What the platform sets by itself.</summary>
    private static readonly string[] OfThePlatform = ["WEBSITE_AUTH_ENABLED"];

    /// <summary>What the Functions host reads: its storage, its telemetry, its limits.</summary>
    private static readonly string[] HostSettings =
    [
        "AzureWebJobsStorage:blobServiceUri", "AzureWebJobsStorage:credential", "AzureWebJobsStorage:clientId",
        "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
    ];

    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void EverySettingWithoutAValueOfItsOwn_IsSetByTheTemplate(string environment)
    {
        var set = Names(Deployment.Of(environment));
        var needed = AppSource.Settings.Where(setting => !setting.Value).Select(setting
            => setting.Key).Except(Secrets).Except(LocalOnly.Keys).Except(OfThePlatform);

        needed.Should().NotBeEmpty().And.BeSubsetOf(set);
        set.Should().Contain(LocalOnly.Where(pair => AppSource.Settings.ContainsKey(pair.Key)).Select(pair => pair.Value));
    }

    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void EverySettingOfTheTemplate_IsReadByTheAppOrItsHost(string environment)
    {
        var read = AppSource.Settings.Keys.Concat(HostSettings).Concat(ReadByHostJson());

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
        var backend = HostJson()["storageProvider"]!;

        deployment.AppSettings[StorageProvider + "type"].Should().Be(backend["type"]!.GetValue<string>());
        var connection = Connection(backend.AsObject());
        deployment.AppSettings[StorageProvider + connection.Key].Should().Be(connection.Value!.GetValue<string>());
        HostJson()["hubName"]!.GetValue<string>().Should().Be("%TASKHUB_NAME%");
        deployment.AppSettings["TASKHUB_NAME"].Should().MatchRegex("^[a-zA-Z][a-zA-Z0-9]{2,44}$");
    }

    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void NoLimitOfTheHost_TurnsAnAnonymousRequestIntoAServerError(string environment)
        => Deployment.Of(environment).AppSettings.Keys.Should().NotContain("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT",
            "above it the host answers 500, and an alarm of severity 1 follows");

    [Fact]
    public void HostJson_ContinuesAMinuteAfterAnInstanceDied()
    {
        var provider = HostJson()["storageProvider"]!;

        provider["controlQueueVisibilityTimeout"]!.GetValue<string>().Should().Be("00:01:00");
        provider["workItemQueueVisibilityTimeout"]!.GetValue<string>()
            .Should().Be("00:01:00", "five minutes is the default, and one the least it takes");
    }

    [Fact]
    public void HostJson_LogsOfTheFrameworkOnlyWhatIsWrong()
    {
        var levels = JsonNode.Parse(Repository.Read(Repository.HostJson))!["logging"]!["logLevel"]!;

        foreach (var category in (string[])["DurableTask.AzureStorage", "DurableTask.Core", "Azure.Core", "Microsoft.AspNetCore"])
            levels[category]!.GetValue<string>().Should().Be("Warning");
    }

    [Fact]
    public void HostJson_RejectsOrchestrationsOfNewerVersions()
    {
        var durable = HostJson();

        durable["defaultVersion"]!.GetValue<string>().Should().NotBeEmpty();
        durable["versionMatchStrategy"]!.GetValue<string>().Should().Be("CurrentOrOlder");
        durable["versionFailureStrategy"]!.GetValue<string>().Should().Be("Reject");
        durable["maxQueuePollingInterval"].Should().BeNull("it belongs under storageProvider; elsewhere it has no effect");
        durable["storageProvider"]!["maxQueuePollingInterval"].Should().NotBeNull();
    }

    /// <summary>The documents that name settings.</summary>
    public static TheoryData<string> Documents => [.. Directory.EnumerateFiles(Repository.Root, "*.md")
        .Concat(Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md")).Select(file
            => Path.GetRelativePath(Repository.Root, file)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Documents))]
    public void EverySettingInTheDocuments_ExistsInTheCode(string document)
    {
        var sections = AppSource.Settings.Keys.Where(name => name.Contains(':', StringComparison.Ordinal)).Select(name
            => name.Split(':')[0]).ToHashSet();
        var named = SettingName().Matches(Repository.Read(document)).Select(match
            => match.Groups["name"].Value.Replace("__", ":", StringComparison.Ordinal))
            .Where(name => sections.Contains(name.Split(':')[0])).Distinct();

        named.Should().BeSubsetOf(AppSource.Settings.Keys);
    }

    [Fact]
    public void Settings_AreFoundInTheSource()
        => AppSource.Settings.Keys.Should().Contain(["Oms:BaseUrl", "Tables:ServiceUri", "Secrets:VaultUri", "DataProtection:KeyUri",
            "AZURE_CLIENT_ID"]);

    internal const string StorageProvider = "AzureFunctionsJobHost__extensions__durableTask__storageProvider__";

    private static IEnumerable<string> Names(Deployment deployment)
        => deployment.AppSettings.Keys.Select(name => name.Replace("__", ":", StringComparison.Ordinal));

    /// <summary>
    /// Names between percent signs, the connection of the backend with its parts, and the members that the host lets settings override.
    /// </summary>
    private static IEnumerable<string> ReadByHostJson()
    {
        var durable = HostJson();
        var provider = durable["storageProvider"]!.AsObject();
        var connection = Connection(provider).Value!.GetValue<string>();
        return [
            .. Placeholder().Matches(durable.ToJsonString()).Select(match => match.Groups["name"].Value),
            connection, $"{connection}:blobServiceUri", $"{connection}:queueServiceUri", $"{connection}:tableServiceUri",
                $"{connection}:credential", $"{connection}:clientId",
            .. provider.Select(member => StorageProvider.Replace("__", ":", StringComparison.Ordinal) + member.Key),
        ];
    }

    /// <summary>The backends spell it differently.</summary>
    private static KeyValuePair<string, JsonNode?> Connection(JsonObject provider)
        => provider.Single(member => member.Key is "connectionName" or "connectionStringName");

    internal static JsonObject HostJson() => JsonNode.Parse(Repository.Read(
        Repository.HostJson))!["extensions"]!["durableTask"]!.AsObject();

    [GeneratedRegex("%(?<name>[A-Z_]+)%")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"`(?<name>[A-Z][A-Za-z]+(:|__)[A-Z][A-Za-z]+)\b")]
    private static partial Regex SettingName();
}
