using System.Text.RegularExpressions;

namespace OmsWorkflows.Infra.Tests;

/// <summary>host.json says which backend keeps orchestrations; everything else follows it.</summary>
public sealed class BackendTests
{
    [Fact]
    public void NoEnvironmentNorWorkflow_NamesABackendOfItsOwn()
    {
        var files = Repository.Files("infra/environments", "*.bicepparam").Append(Repository.PathOf("infra", "main.bicepparam"))
            .Append(Repository.PathOf("azure.yaml")).Concat(Repository.Files(".github/workflows", "*.yml").Where(file
                => Path.GetFileName(file) != "ci.yml"));

        files.Should().AllSatisfy(file =>
            Regex.IsMatch(File.ReadAllText(file), "(?i)azureManaged|AzureStorage|DurableTaskScheduler|DURABLE_BACKEND")
                .Should().BeFalse($"{file} may not choose"));
    }

    [Fact]
    public void Environments_UseTheBackendThatHostJsonNames()
        => Deployment.Environments.Select(row => Deployment.Of(row.Data).AppSettings[SettingTests.StorageProvider + "type"]).Distinct()
            .Should().Equal(SettingTests.HostJson()["storageProvider"]!["type"]!.GetValue<string>());

    [Fact]
    public void Scheduler_WhenItIsNamed_TakesOverFromStorage()
    {
        var deployment = Deployment.Of("prod", "azureManaged");

        deployment.UsesScheduler.Should().BeTrue();
        deployment.All("Microsoft.DurableTask/schedulers/taskHubs").Should().ContainSingle();
        deployment.AppSettings.Keys.Should().NotContain(name => name.StartsWith("TaskHubStorage", StringComparison.Ordinal));
        deployment.AppSettings["DURABLE_TASK_SCHEDULER_CONNECTION_STRING"].Should().Contain("Authentication=ManagedIdentity");
        deployment.AppSettings[SettingTests.StorageProvider + "type"].Should().Be("azureManaged");
    }

    [Fact]
    public void Storage_WhenItIsNamed_NeedsNoScheduler()
    {
        var deployment = Deployment.Of("prod", "AzureStorage");

        deployment.Resources.Should().NotContain(resource => resource.Type.StartsWith("Microsoft.DurableTask", StringComparison.Ordinal));
        deployment.AppSettings.Keys.Should().Contain(["TaskHubStorage__blobServiceUri", "TaskHubStorage__queueServiceUri",
            "TaskHubStorage__tableServiceUri"]);
        deployment.AppSettings[SettingTests.StorageProvider + "type"].Should().Be("AzureStorage");
    }

    [Fact]
    public void Scheduler_TakesItsCapacityFromTheParameters()
    {
        var sku = Deployment.Of("prod", "azureManaged", ("scheduler", "{ name: 'Dedicated', capacity: 3 }"))
            .All("Microsoft.DurableTask/schedulers").Single()["sku"]!;

        sku["name"]!.GetValue<string>().Should().Be("Dedicated");
        sku["capacity"]!.GetValue<int>().Should().Be(3);
    }

    [Fact]
    public void Scheduler_ForgetsWhatEnded()
    {
        var policies = Deployment.Of("prod", "azureManaged", ("orchestrationRetentionDays", "45"))
            .All("Microsoft.DurableTask/schedulers/retentionPolicies")
            .Should().ContainSingle().Which["retentionPolicies"]!.AsArray();

        policies.Select(policy => policy!["orchestrationState"]!.GetValue<string>())
            .Should().BeEquivalentTo("Completed", "Failed", "Terminated", "Canceled");
        policies.Should().AllSatisfy(policy => policy!["retentionPeriodInDays"]!.GetValue<int>().Should().Be(45));
    }
}
