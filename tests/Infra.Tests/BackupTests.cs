using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OmsWorkflows.Infra.Tests;

public sealed class BackupTests
{
    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    public void Copies_CanBeNeitherChangedNorDeletedForTheGivenDays_AndGoThen(string environment)
    {
        var deployment = Deployment.Of(environment, ("backupDays", "77"));

        var policy = deployment.All("Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies")
            .Should().ContainSingle().Which;
        policy.Id.Should().Contain($"/containers/{Container(deployment)}/");
        policy["immutabilityPeriodSinceCreationInDays"]!.GetValue<int>().Should().Be(77);
        policy["allowProtectedAppendWrites"]!.GetValue<bool>().Should().BeFalse();
        var rule = deployment.All("Microsoft.Storage/storageAccounts/managementPolicies")
            .Should().ContainSingle().Which["policy", "rules", "0", "definition"]!;
        rule["filters"]!["prefixMatch"]![0]!.GetValue<string>()
            .Should().Be($"{Container(deployment)}/2", "copies begin with their year; archives of months stay");
        rule["actions"]!["baseBlob"]!["delete"]!["daysAfterCreationGreaterThan"]!.GetValue<int>().Should().Be(78);
    }

    [Fact]
    public void LockedPolicy_IsNotWrittenAgain()
        => JsonNode.Parse(Bicep.Build(Repository.PathOf("infra", "modules",
            "backups.bicep")))!["resources"]!["immutable"]!["@options"]!["onlyIfNotExists"]
            .Should().NotBeNull("Azure refuses to write a policy that somebody has locked");

    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void KeysAndCopies_AreNotWhereTheTablesAre(string environment)
    {
        var deployment = Deployment.Of(environment);

        AccountOf(deployment, "Backup__ContainerUri").Should().StartWith("stkeep");
        AccountOf(deployment, "DataProtection__BlobUri").Should().StartWith("stkeep");
        AccountOf(deployment, "Tables__ServiceUri").Should().StartWith("stdata");
    }

    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void OverwrittenKeyRing_CanBeBroughtBack(string environment)
    {
        var blobs = Deployment.Of(environment).All("Microsoft.Storage/storageAccounts/blobServices").Single(service
            => service.Name.StartsWith("stkeep", StringComparison.Ordinal));

        blobs["isVersioningEnabled"]!.GetValue<bool>().Should().BeTrue();
        blobs["deleteRetentionPolicy", "days"]!.GetValue<int>().Should().Be(90);
        blobs["containerDeleteRetentionPolicy", "days"]!.GetValue<int>().Should().Be(90);
    }

    [Fact]
    public void Production_KeepsCopiesInASecondRegion() => Deployment.Of("prod").All("Microsoft.Storage/storageAccounts")
        .Single(account => account.Name.StartsWith("stkeep", StringComparison.Ordinal)).Json["sku"]!["name"]!.GetValue<string>()
            .Should().Be("Standard_GZRS");

    private static string Container(Deployment deployment)
        => Regex.Match(deployment.AppSettings["Backup__ContainerUri"], @"primaryEndpoints\.blob, '(?<name>[a-z-]+)'").Groups["name"].Value;

    private static string AccountOf(Deployment deployment, string setting)
        => Regex.Match(deployment.AppSettings[setting], @"storageAccounts/(?<name>\w+)'").Groups["name"].Value;
}
