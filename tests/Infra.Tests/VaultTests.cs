namespace OmsWorkflows.Infra.Tests;

public sealed class VaultTests
{
    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void Vault_RolesAndSoftDelete(string environment)
    {
        var vault = Vault(Deployment.Of(environment));

        vault["enableRbacAuthorization"]!.GetValue<bool>().Should().BeTrue();
        vault["enableSoftDelete"]!.GetValue<bool>().Should().BeTrue();
        vault["accessPolicies"].Should().BeNull();
    }

    [Fact]
    public void Production_CanNotBePurged()
    {
        Vault(Deployment.Of("prod"))["enablePurgeProtection"]!.GetValue<bool>().Should().BeTrue();
        Vault(Deployment.Of("prod"))["softDeleteRetentionInDays"]!.GetValue<int>().Should().Be(90);
    }

    [Fact]
    public void WithoutPurgeProtection_TheWordFalseIsNotSent()
        => Vault(Deployment.Of("dev"))["enablePurgeProtection"].Should().BeNull("Azure refuses false there");

    [Theory]
    [InlineData("true", "recover")]
    [InlineData("false", "default")]
    public void DeletedVault_CanBeBroughtBack(string recover, string mode)
        => Vault(Deployment.Of("prod", ("recoverVault", recover)))["createMode"]!.GetValue<string>().Should().Be(mode);

    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void EverySecretOfTheApp_ExistsFromTheStartAndMeansNothing(string environment)
    {
        var secrets = Deployment.Of(environment).All("Microsoft.KeyVault/vaults/secrets");

        secrets.Select(secret => secret.Name.Split('/')[1]).Should().BeEquivalentTo(AppSource.VaultSecrets);
        secrets.Should().AllSatisfy(secret =>
        {
            secret["attributes", "enabled"]!.GetValue<bool>().Should().BeFalse();
            secret["value"]!.GetValue<string>().Should().Be("[newGuid()]");
        });
    }

    [Fact]
    public void SecretThatExists_IsNotTouchedByADeployment()
    {
        var template = System.Text.Json.Nodes.JsonNode.Parse(Bicep.Build(Repository.PathOf("infra", "modules",
            "vault.bicep")))!["resources"]!["secrets"]!;

        template["@options"]!["onlyIfNotExists"].Should().NotBeNull("a value that somebody put in would be replaced");
    }

    [Fact]
    public void Production_LocksWhatCannotBeMadeAgain()
    {
        var deployment = Deployment.Of("prod");

        var locked = deployment.All("Microsoft.Authorization/locks").Where(held => held["level"]!.GetValue<string>() == "CanNotDelete")
            .Select(held => held.Id.Split("/providers/Microsoft.Authorization/")[0]);

        locked.Should().BeEquivalentTo(deployment.Resources
            .Where(resource => resource.Type == "Microsoft.KeyVault/vaults"
                || resource.Name.StartsWith("stdata", StringComparison.Ordinal) && resource.Type == "Microsoft.Storage/storageAccounts"
                || resource.Name.StartsWith("stkeep", StringComparison.Ordinal) && resource.Type == "Microsoft.Storage/storageAccounts")
            .Select(resource => resource.Id)).And.HaveCount(3);
    }

    [Fact]
    public void Development_CanBeTornDown() => Deployment.Of("dev").All("Microsoft.Authorization/locks").Should().BeEmpty();

    private static Resource Vault(Deployment deployment) => deployment.All("Microsoft.KeyVault/vaults").Should().ContainSingle().Which;
}
