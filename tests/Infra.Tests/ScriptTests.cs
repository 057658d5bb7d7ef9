using System.Globalization;
using System.Text.Json;

namespace OmsWorkflows.Infra.Tests;

/// <summary>The scripts that azd and the workflows run.</summary>
public sealed class ScriptTests
{
    [Fact]
    public void PlanGuard_LetsAPlanPassThatChangesAndAdds() => Guard(
        """{"changeType": "Create", "resourceId": "/a"}""",
        """
        {"changeType": "Modify", "resourceId": "/b", "delta": [{"path": "properties.x", "propertyChangeType": "Modify", "children": null}]}
        """)
        .Should().Match<Tool.Result>(result => result.ExitCode == 0 && result.Output.Contains("deletes nothing"));

    [Fact]
    public void PlanGuard_StopsAPlanThatDeletesAResource() => Guard("""{"changeType": "Delete", "resourceId": "/vault"}""")
        .Should().Match<Tool.Result>(result => result.ExitCode == 1 && result.Output.Contains("/vault"));

    [Fact]
    public void PlanGuard_StopsAPlanThatDeletesAProperty()
        => Guard(
            """
            {"changeType": "Modify", "resourceId": "/store", "delta": [{"path": "properties.networkAcls", "propertyChangeType": "Delete"}]}
            """)
            .Should().Match<Tool.Result>(result => result.ExitCode == 1 && result.Output.Contains("/store properties.networkAcls"));

    [Fact]
    public void PlanGuard_LooksIntoLists() => Guard(
        """
        {"changeType": "Modify", "resourceId": "/nsg", "delta": [{"path": "properties.securityRules", "propertyChangeType": "Array",
            "children": [
          {"path": "1", "propertyChangeType": "Modify", "children": [{"path": "properties.access", "propertyChangeType": "Delete"}]},
          {"path": "2", "propertyChangeType": "Delete"}]}]}
        """)
        .Output.Should().Contain("/nsg properties.securityRules.1.properties.access").And.Contain("/nsg properties.securityRules.2");

    [Fact]
    public void PlanGuard_GoesOnOnlyWhenToldTo()
        => Guard(["""{"changeType": "Delete", "resourceId": "/old"}"""], "true").Should()
            .Match<Tool.Result>(result => result.ExitCode == 0 && result.Output.Contains("/old"));

    [Fact]
    public void PlanGuard_TakesNoPlanForNoPlan()
    {
        using var folder = new ScriptFolder();

        var plan = folder.Write("plan.json", """{"status": "Failed", "error": {"code": "InvalidTemplate"}}""");

        var result = folder.Run("infra/plan-guard.sh", [plan]);

        result.ExitCode.Should().Be(1);
        result.Output.Should().Contain("InvalidTemplate");
    }

    [Fact]
    public void Hook_AsksForTheKeyInTheSubscriptionOfTheEnvironment()
    {
        using var folder = new ScriptFolder();
        folder.StandIn("az", """case "$*" in "resource show"*) echo false ;; esac""");

        var result = folder.Run("infra/hooks/postprovision.sh", [], Provisioned);

        result.ExitCode.Should().Be(0, result.Said);
        folder.Calls.Should().HaveCount(2).And.AllSatisfy(call => call.Should().Contain("the-subscription"));
        folder.Calls[^1].Should().StartWith("az deployment group create --subscription the-subscription");
    }

    [Fact]
    public void Hook_AsksForNothingWhenTheKeyIsThere()
    {
        using var folder = new ScriptFolder();
        folder.StandIn("az", "echo true");

        var result = folder.Run("infra/hooks/postprovision.sh", [], Provisioned);

        result.ExitCode.Should().Be(0, result.Said);
        folder.Calls.Should().HaveCount(2).And.AllSatisfy(call => call
            .Should().Contain("az resource show --ids /subscriptions/the-subscription/"));
    }

    [Fact]
    public void Hook_BeginsTheBudgetThisMonth_AndNeverMovesIt()
    {
        using var folder = new ScriptFolder();
        folder.StandIn("azd", "");

        folder.Run("infra/hooks/preprovision.sh", [], ("AZURE_ENV_NAME", "trial"), ("BUDGET_START", "")).ExitCode.Should().Be(0);
        folder.Run("infra/hooks/preprovision.sh", [], ("AZURE_ENV_NAME", "trial"), ("BUDGET_START", "2026-01-01")).ExitCode.Should().Be(0);

        var month = DateTimeOffset.UtcNow.ToString("yyyy-MM-01", CultureInfo.InvariantCulture);
        folder.Calls.Select(call => call.Trim()).Should().Equal($"azd env set BUDGET_START {month} -e trial");
    }

    [Fact]
    public void Budget_HasNoDateThatGrowsOld()
        => Repository.Read("infra", "main.bicepparam").Should().Contain("readEnvironmentVariable('BUDGET_START')")
            .And.Contain("readEnvironmentVariable('ALERT_EMAIL')");

    [Fact]
    public void SmokeTest_WaitsForTheNewCode()
    {
        using var folder = new ScriptFolder();
        folder.StandIn(
            "curl",
            """
            case "$*" in
              *"--output /dev/null"*http:*) echo 301 ;;
              *"--output /dev/null"*) echo 401 ;;
              *) echo '{"live":true,"commit":"old"}' ;;
            esac
            """);

        folder.Run("infra/smoke.sh", ["https://app.example.com", "new"], ("SMOKE_ATTEMPTS", "1"))
            .Should().Match<Tool.Result>(result => result.ExitCode == 1 && result.Output.Contains("does not answer as new"));
        folder.Run("infra/smoke.sh", ["https://app.example.com", "old"], ("SMOKE_ATTEMPTS", "1"))
            .Should().Match<Tool.Result>(result => result.ExitCode == 0
                && result.Output.Contains("management of orchestrations is closed"));
    }

    private static (string, string)[] Provisioned =>
        [("AZURE_SUBSCRIPTION_ID", "the-subscription"), ("AZURE_RESOURCE_GROUP", "the-group"), ("AZURE_KEY_VAULT_NAME", "the-vault")];

    private static Tool.Result Guard(params string[] changes) => Guard(changes, "false");

    private static Tool.Result Guard(string[] changes, string accept)
    {
        using var folder = new ScriptFolder();
        var plan = folder.Write("plan.json", $$"""{"status": "Succeeded", "changes": [{{string.Join(',', changes)}}]}""");
        JsonDocument.Parse(File.ReadAllText(plan)).Dispose();
        return folder.Run("infra/plan-guard.sh", [plan, accept]);
    }
}
