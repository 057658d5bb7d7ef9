using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OmsWorkflows.Infra.Tests;

public sealed partial class SecurityTests
{
    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void StorageAccounts_NoSharedKeysNoPublicBlobsTls12(string environment)
    {
        var accounts = Deployment.Of(environment).All("Microsoft.Storage/storageAccounts");

        accounts.Should().HaveCount(2).And.AllSatisfy(account =>
        {
            account["allowSharedKeyAccess"]!.GetValue<bool>().Should().BeFalse();
            account["allowBlobPublicAccess"]!.GetValue<bool>().Should().BeFalse();
            account["supportsHttpsTrafficOnly"]!.GetValue<bool>().Should().BeTrue();
            account["minimumTlsVersion"]!.GetValue<string>().Should().BeOneOf("TLS1_2", "TLS1_3");
        });
        Deployment.Of(environment).All("Microsoft.Storage/storageAccounts/blobServices/containers").Should().NotBeEmpty()
            .And.AllSatisfy(container => container["publicAccess"]!.GetValue<string>().Should().Be("None"));
    }

    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void Vault_RolesAndPurgeProtection(string environment)
    {
        var vault = Deployment.Of(environment).All("Microsoft.KeyVault/vaults").Should().ContainSingle().Which;

        vault["enableRbacAuthorization"]!.GetValue<bool>().Should().BeTrue();
        vault["enablePurgeProtection"]!.GetValue<bool>().Should().BeTrue();
        vault["accessPolicies"].Should().BeNull();
    }

    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void App_HttpsOnlyTls12NoBasicAuthentication(string environment)
    {
        var deployment = Deployment.Of(environment);
        var app = deployment.All("Microsoft.Web/sites").Should().ContainSingle().Which;

        app["httpsOnly"]!.GetValue<bool>().Should().BeTrue();
        Version.Parse(app["siteConfig", "minTlsVersion"]!.GetValue<string>()).Should().BeGreaterThanOrEqualTo(new Version(1, 2));
        Version.Parse(app["siteConfig", "scmMinTlsVersion"]!.GetValue<string>()).Should().BeGreaterThanOrEqualTo(new Version(1, 2));
        app["siteConfig", "ftpsState"]!.GetValue<string>().Should().Be("Disabled");
        app.Json["identity"]!["type"]!.GetValue<string>().Should().Be("UserAssigned");
        app["functionAppConfig", "deployment", "storage", "authentication", "type"]!.GetValue<string>().Should().Be("UserAssignedIdentity");
        var policies = deployment.All("Microsoft.Web/sites/basicPublishingCredentialsPolicies");
        policies.Select(policy => policy.Name.Split('/')[1]).Should().BeEquivalentTo("ftp", "scm");
        policies.Should().AllSatisfy(policy => policy["allow"]!.GetValue<bool>().Should().BeFalse());
    }

    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void Telemetry_OnlyIdentitiesMaySend(string environment)
    {
        Deployment.Of(environment).All("Microsoft.Insights/components").Should()
            .ContainSingle().Which["DisableLocalAuth"]!.GetValue<bool>().Should().BeTrue();
        Deployment.Of(environment).All("Microsoft.OperationalInsights/workspaces").Should().ContainSingle()
            .Which["features", "disableLocalAuth"]!.GetValue<bool>().Should().BeTrue();
    }

    [Fact]
    public void Production_StoresAreReachedThroughPrivateEndpointsOnly()
    {
        var deployment = Deployment.Of("prod");
        var stores = deployment.All("Microsoft.Storage/storageAccounts").Concat(deployment.All("Microsoft.KeyVault/vaults")).ToList();

        stores.Should().AllSatisfy(store =>
        {
            store["publicNetworkAccess"]!.GetValue<string>().Should().Be("Disabled");
            store["networkAcls", "defaultAction"]!.GetValue<string>().Should().Be("Deny");
        });
        var reached = deployment.All("Microsoft.Network/privateEndpoints")
            .Select(endpoint => endpoint["privateLinkServiceConnections", "0", "properties", "privateLinkServiceId"]!.GetValue<string>());
        reached.Distinct().Should().BeEquivalentTo(
            stores.Select(store => store.Id), "a store that is closed and has no endpoint cannot be reached at all");
        deployment.All("Microsoft.Web/sites").Single()["virtualNetworkSubnetId"]!.GetValue<string>().Should().EndWith("/subnets/app");
    }

    [Fact]
    public void EntraInFront_LeavesOpenWhatTheAppServesWithoutAKey_AndNothingElse()
    {
        var template = Bicep.Build(Repository.PathOf("infra", "modules", "app.bicep"));

        var settings = JsonNode.Parse(template)!["resources"]!.AsObject().Select(resource => resource.Value!)
            .Single(resource => resource["name"]!.GetValue<string>().Contains("authsettingsV2", StringComparison.Ordinal))["properties"]!;

        settings["globalValidation"]!["requireAuthentication"]!.GetValue<bool>().Should().BeTrue();
        settings["globalValidation"]!["excludedPaths"]!.AsArray().Select(path => path!.GetValue<string>())
            .Should().BeEquivalentTo(AppSource.AnonymousRoutes.Where(route => !IsForPeople(route)).Select(route => $"/api/{route}"));
    }

    /// <summary>The pages need no key, but whoever opens them has to sign in.</summary>
    private static bool IsForPeople(string route) => route == "openapi.json" || route.StartsWith("console", StringComparison.Ordinal);

    [Theory]
    [InlineData("main.bicep")]
    [InlineData("secrets.bicep")]
    public void Template_AsksForNoKeysAndCarriesNone(string file)
    {
        var template = Bicep.Build(Repository.PathOf("infra", file));

        KeyFunctions().Matches(template).Should().BeEmpty();
        KeyTexts().Matches(template).Should().BeEmpty();
    }

    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void Outputs_HoldNoSecrets(string environment)
        => Deployment.Of(environment).Outputs.Should().AllSatisfy(output =>
            output.Value!.GetValue<string>().Should().NotMatchRegex("(?i)listkeys|connectionstring|instrumentationkey|secret"));

    [GeneratedRegex(@"(?i)\blist(Keys|AccountSas|ServiceSas|Credentials|Secrets|ConnectionStrings|QueryKeys|AdminKeys)?\s*\(")]
    private static partial Regex KeyFunctions();

    [GeneratedRegex("(?i)AccountKey=|SharedAccessKey=|SharedAccessSignature=|[?&]sig=|whsec_")]
    private static partial Regex KeyTexts();
}
