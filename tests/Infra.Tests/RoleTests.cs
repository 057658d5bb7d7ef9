namespace OmsWorkflows.Infra.Tests;

public sealed class RoleTests
{
    private const string BlobOwner = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";
    private const string BlobContributor = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
    private const string QueueContributor = "974c5e8b-45b9-4653-ba55-5f855dd0fb88";
    private const string TableContributor = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3";
    private const string SecretsUser = "4633458b-17de-408a-b874-0445c86b69e6";
    private const string SecretsOfficer = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7";
    private const string KeyEncryption = "e147488a-f6f5-4113-8e2d-b22465e65bf6";
    private const string MetricsPublisher = "3913510d-42f4-4e42-8a64-420c390055eb";
    private const string DurableTaskContributor = "0ad04412-c4d5-4796-b79c-f76d14c8d402";

    /// <summary>
    /// What each client that the app constructs may do, and where. A new client has to be added here, and its role to the template.
    /// </summary>
    private static readonly Dictionary<string, (string Role, string Scope)[]> ForClients = new()
    {
        ["TableServiceClient"] = [(TableContributor, "Microsoft.Storage/storageAccounts/stdata")],
        ["BlobClient"] = [(BlobContributor, "/blobServices/default/containers/data-protection")],
        ["BlobContainerClient"] = [(BlobContributor, "/blobServices/default/containers/ledger-copies")],
        // One secret at a time: what OMS issued is read only.
        ["SecretClient"] =
        [
            (SecretsUser, "/secrets/Oms--ApiKey"), (SecretsUser, "/secrets/Oms--ApiSecret"),
            (SecretsUser, "/secrets/Notifications--CurrentSecret"), (SecretsUser, "/secrets/Notifications--NextSecret"),
            (SecretsOfficer, "/secrets/Webhooks--CurrentSecret"), (SecretsOfficer, "/secrets/Webhooks--NextSecret"),
        ],
        ["VaultKey"] = [(KeyEncryption, "/keys/data-protection")],
        ["AzureMonitor"] = [(MetricsPublisher, "Microsoft.Insights/components/appi-")],
    };

    /// <summary>What the host needs: its own storage, telemetry, and the backend of orchestrations.</summary>
    private static readonly (string Role, string Scope)[] ForHost =
    [
        (BlobOwner, "Microsoft.Storage/storageAccounts/sthost"),
        (MetricsPublisher, "Microsoft.Insights/components/appi-"),
    ];

    private static readonly (string Role, string Scope)[] ForStorageBackend =
    [
        (BlobContributor, "Microsoft.Storage/storageAccounts/stdata"),
        (QueueContributor, "Microsoft.Storage/storageAccounts/stdata"),
        (TableContributor, "Microsoft.Storage/storageAccounts/stdata"),
    ];

    private static readonly (string Role, string Scope)[] ForScheduler = [(DurableTaskContributor, "/taskHubs/")];

    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void Roles_AreThoseThatTheAppsClientsAndTheHostNeed_AndNoOthers(string environment)
        => HasTheRolesItNeeds(Deployment.Of(environment));

    [Theory]
    [InlineData("AzureStorage")]
    [InlineData("azureManaged")]
    public void Roles_FollowTheBackend(string backend) => HasTheRolesItNeeds(Deployment.Of("prod", backend));

    private static void HasTheRolesItNeeds(Deployment deployment)
    {
        var needed = AppSource.Clients.SelectMany(client => ForClients[client]).Concat(ForHost)
            .Concat(deployment.UsesScheduler ? ForScheduler : ForStorageBackend).Distinct().ToList();

        var assigned = deployment.All("Microsoft.Authorization/roleAssignments").Select(assignment =>
            (Role: assignment["roleDefinitionId"]!.GetValue<string>().Split('/')[^1], Scope: assignment.Id.Split(
                "/providers/Microsoft.Authorization/")[0])).ToList();

        foreach (var (role, scope) in needed)
            assigned.Should().Contain(
                has => has.Role == role && Matches(has.Scope, scope), $"the app or its host needs role {role} at {scope}");
        foreach (var (role, scope) in assigned)
            needed.Should().Contain(need => need.Role == role && Matches(scope, need.Scope), $"nothing needs role {role} at {scope}");
    }

    [Fact]
    public void Clients_OfTheSourceAreKnownHere()
        => AppSource.Clients.Except(ForClients.Keys).Should().BeEmpty("each client that functions/ constructs needs a role: say which");

    [Fact]
    public void Clients_AreFoundInTheSource()
        => AppSource.Clients.Should().Contain(
            ["TableServiceClient", "BlobClient", "SecretClient", "VaultKey"], "otherwise the tests here see nothing");

    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void Assignments_AreNamedByWhatTheySay_SoThatASecondDeploymentAddsNone(string environment)
    {
        var assignments = Deployment.Of(environment).All("Microsoft.Authorization/roleAssignments");

        assignments.Should().AllSatisfy(assignment => Guid.TryParse(assignment.Name, out _).Should().BeTrue());
        assignments.Select(assignment => assignment.Name).Should().OnlyHaveUniqueItems();
        assignments.Should().AllSatisfy(assignment => assignment["principalType"]!.GetValue<string>().Should().Be("ServicePrincipal"));
    }

    /// <summary>The named scope itself, not something below it: a scope that ends in a prefix of a name stands for that resource.</summary>
    private static bool Matches(string scope, string expected)
    {
        var at = scope.IndexOf(expected, StringComparison.Ordinal);
        return at >= 0 && !scope[(at + expected.Length)..].Contains('/', StringComparison.Ordinal);
    }
}
