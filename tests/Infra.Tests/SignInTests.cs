using System.Text.Json;
using System.Text.Json.Nodes;

namespace OmsWorkflows.Infra.Tests;

/// <summary>Entra ID in front of the app, and the script that makes the application it asks for.</summary>
public sealed class SignInTests
{
    [Theory, MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public void WhereRealMoneyMoves_EverybodySignsIn(string environment)
    {
        var deployment = Deployment.Of(environment);
        if (deployment.AppSettings["Oms__BaseUrl"].Contains("sandbox", StringComparison.Ordinal))
            return;

        var settings = Settings(deployment);
        deployment.AppSettings["Access__SignIn"].Should().Be("True", "the app believes the platform's header only where it is told to");
        settings["platform"]!["enabled"]!.GetValue<bool>().Should().BeTrue();
        settings["globalValidation"]!["requireAuthentication"]!.GetValue<bool>().Should().BeTrue();
        settings["globalValidation"]!["unauthenticatedClientAction"]!.GetValue<string>().Should().Be("Return401");
    }

    /// <summary>The pages need no key, but whoever opens them has to sign in.</summary>
    private static bool IsForPeople(string route) => route == "openapi.json" || route.StartsWith("console", StringComparison.Ordinal);

    [Fact]
    public void Front_LeavesOpenWhatTheAppServesWithoutAKey_AndNothingElse_LeastOfAllTheManagementApi()
    {
        var open = Settings(Deployment.Of("prod"))["globalValidation"]!["excludedPaths"]!.AsArray().Select(path
            => path!.GetValue<string>()).ToList();

        open.Should().BeEquivalentTo(AppSource.AnonymousRoutes.Where(route => !IsForPeople(route)).Select(route => $"/api/{route}"));
        open.Should().NotContain(path => path.StartsWith("/runtime", StringComparison.Ordinal)
            || path.StartsWith("/admin", StringComparison.Ordinal) || path.Contains('*'));
    }

    [Fact]
    public void Issuer_AndAudienceBelongToTokensOfVersion2()
    {
        var entra = Settings(Deployment.Of("prod"))["identityProviders"]!["azureActiveDirectory"]!;
        var client = entra["registration"]!["clientId"]!.GetValue<string>();

        entra["registration"]!["openIdIssuer"]!.GetValue<string>().Should().Contain("/v2.0");
        entra["validation"]!["allowedAudiences"]!.AsArray().Select(audience => audience!.GetValue<string>())
            .Should().Equal(client, $"api://{client}");
        entra["validation"]!["defaultAuthorizationPolicy"]!["allowedApplications"]!.AsArray()
            .Select(application => application!.GetValue<string>()).Should().StartWith(client, "people sign in to the console through it")
            .And.HaveCountGreaterThan(1);
    }

    [Fact]
    public void WithoutEntra_TheAppBelievesNoHeader()
        => Deployment.Of("prod", ("entra", "null")).AppSettings["Access__SignIn"].Should().Be("False");

    [Fact]
    public void Parameters_WithoutSomebodyInEachRole_AreRefused()
    {
        const string NoOperator = "{ clientId: 'a', allowedClientIds: ['b'], roles: { Caller: ['c'], Operator: [] } }";

        var act = () => Deployment.Of("prod", ("entra", NoOperator));

        act.Should().Throw<InvalidOperationException>().WithMessage("*BCP333*minimum allowable length is 1*");
    }

    [Fact]
    public void Script_AsksForVersion2_MakesTheRoles_AndAssignsThemOnce()
    {
        using var folder = new ScriptFolder();
        folder.StandIn("az", Graph(assigned: "[]"));

        var first = folder.Run("infra/entra.sh", ["OMS Workflows", "prod.bicepparam"]);

        first.ExitCode.Should().Be(0, first.Said);
        var application = folder.Calls.Single(call => call.Contains("applications(appId='11111111-1111-1111-1111-111111111111')",
            StringComparison.Ordinal));
        application.Should().Contain("\"requestedAccessTokenVersion\": 2").And.Contain("\"value\": \"Caller\"")
            .And.Contain("\"value\": \"Operator\"");
        folder.Calls.Should().Contain(call => call.Contains("\"appRoleAssignmentRequired\": true", StringComparison.Ordinal));
        folder.Calls.Where(call => call.Contains("--method POST", StringComparison.Ordinal)).Should().HaveCount(2)
            .And.Contain(call => call.Contains("caller-1", StringComparison.Ordinal)
                && call.Contains(Role("Caller"), StringComparison.Ordinal))
            .And.Contain(call => call.Contains("operator-1", StringComparison.Ordinal)
                && call.Contains(Role("Operator"), StringComparison.Ordinal));
        first.Output.Should().Contain("is as prod.bicepparam says");
    }

    [Fact]
    public void Script_WithTheAppsAddress_LetsPeopleSignInThere()
    {
        using var folder = new ScriptFolder();
        folder.StandIn("az", Graph(assigned: "[]"));

        var run = folder.Run("infra/entra.sh", ["OMS Workflows", "prod.bicepparam", "https://func-1.azurewebsites.net"]);

        run.ExitCode.Should().Be(0, run.Said);
        folder.Calls.Should().Contain(call => call.Contains("https://func-1.azurewebsites.net/.auth/login/aad/callback",
            StringComparison.Ordinal) && call.Contains("\"enableIdTokenIssuance\": true", StringComparison.Ordinal));
    }

    [Fact]
    public void Script_NamesWhoHasARoleThatTheParametersDoNotGive()
    {
        using var folder = new ScriptFolder();
        folder.StandIn("az", Graph(assigned: JsonSerializer.Serialize(new[]
        {
            new { appRoleId = Role("Caller"), principalId = "caller-1" },
            new { appRoleId = Role("Operator"), principalId = "operator-1" },
            new { appRoleId = Role("Operator"), principalId = "somebody" },
        })));

        var again = folder.Run("infra/entra.sh", ["OMS Workflows", "prod.bicepparam"]);

        again.ExitCode.Should().Be(0, again.Said);
        folder.Calls.Should().NotContain(call => call.Contains("--method POST", StringComparison.Ordinal));
        again.Output.Should().Contain($"NOT IN THE PARAMETERS: somebody has role {Role("Operator")}");
    }

    private static JsonObject Settings(Deployment deployment)
        => deployment.All("Microsoft.Web/sites/config").Single(config
            => config.Name.EndsWith("/authsettingsV2", StringComparison.Ordinal)).Properties;

    private static string Role(string name) => JsonNode.Parse(Repository.Read("infra", "entra-roles.json"))!.AsArray()
        .Single(role => role!["value"]!.GetValue<string>() == name)!["id"]!.GetValue<string>();

    /// <summary>What the Azure CLI would answer for an application that exists.</summary>
    private static string Graph(string assigned)
    {
        const string Roles = """{"Caller":["caller-1"],"Operator":["operator-1"]}""";
        const string Entra = $$"""{"clientId":"11111111-1111-1111-1111-111111111111","roles":{{Roles}}}""";
        var parameters = JsonSerializer.Serialize(new { parametersJson = $"{{\"parameters\":{{\"entra\":{{\"value\":{Entra}}}}}}}" });
        return $$"""
            case "$*" in
              "bicep build-params"*) echo '{{parameters}}' ;;
              "ad app list"*) echo 11111111-1111-1111-1111-111111111111 ;;
              "ad sp list"*) echo principal-of-the-api ;;
              *"--method GET"*) echo '{"value": {{assigned}}}' ;;
            esac
            """;
    }
}
