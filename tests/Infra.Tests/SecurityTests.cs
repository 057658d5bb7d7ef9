using System.Text.RegularExpressions;

namespace OmsWorkflows.Infra.Tests;

public sealed partial class SecurityTests
{
    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void StorageAccounts_NoSharedKeysNoPublicBlobsTls12(string environment)
    {
        var accounts = Deployment.Of(environment).All("Microsoft.Storage/storageAccounts");

        accounts.Should().HaveCount(3).And.AllSatisfy(account =>
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
