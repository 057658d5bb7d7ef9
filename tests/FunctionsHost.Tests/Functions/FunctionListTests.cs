using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using OmsWorkflows.Local.FunctionsHost;
using OmsWorkflows.Local.FunctionsHost.Functions;
using OmsWorkflows.Local.FunctionsHost.Rpc;
using OmsWorkflows.Local.FunctionsHost.Worker;

namespace OmsWorkflows.FunctionsHost.Tests.Functions;

public sealed class FunctionListTests
{
    [Theory]
    [InlineData("queueTrigger")]
    [InlineData("serviceBusTrigger")]
    [InlineData("blobTrigger")]
    public void From_TriggerThatIsNotServed_IsRefusedByName(string trigger)
        => Refusal(Metadata.Of("Pump", Metadata.Binding(trigger))).Should().ContainAll("'Pump'", $"'{trigger}'", "httpTrigger");

    [Fact]
    public void From_OutputThatIsNotServed_IsRefusedByName()
        => Refusal(Metadata.Of("Pump", Metadata.Binding("timerTrigger"), Metadata.Binding("queue")))
            .Should().ContainAll("'Pump'", "'queue'");

    [Fact]
    public void From_DurableClientOfAnotherTaskHub_IsRefused()
    {
        var client = Metadata.Binding("durableClient", "client");
        client["taskHub"] = "Elsewhere";

        Refusal(Metadata.Of("Starter", Metadata.Binding("httpTrigger"), client)).Should().ContainAll("'Starter'", "'Elsewhere'");
    }

    [Fact]
    public void From_NamesThatDifferInCaseOnly_AreRefused()
        => Refusal(Sweep("Sweep"), Sweep("SWEEP")).Should().Contain("twice");

    [Fact]
    public void Worker_ListsANameTwice_ItIsTheListThatRefusesIt()
    {
        var twice = () => new ReadyWorker(new WorkerChannel(1, NullLoggerFactory.Instance), [Sweep("Sweep"), Sweep("SWEEP")], null);

        twice.Should().NotThrow();
    }

    [Fact]
    public void From_FunctionWithoutTrigger_IsRefused()
        => Refusal(Metadata.Of("Idle", Metadata.Binding("http"))).Should().ContainAll("'Idle'", "0 triggers");

    [Fact]
    public void From_SettingDisablesAFunction_ItIsLeftOutWhateverItsTrigger()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("AzureWebJobs.Pump.Disabled", "true")]).Build();

        var functions = FunctionList.From([Metadata.Of("Pump", Metadata.Binding("queueTrigger")), Sweep("Sweep")], settings);

        functions.Select(function => function.Name).Should().Equal("Sweep");
    }

    private static RpcFunctionMetadata Sweep(string name) => Metadata.Of(name, Metadata.Binding("timerTrigger"));

    private static string Refusal(params RpcFunctionMetadata[] metadata)
    {
        var list = () => FunctionList.From(metadata, new ConfigurationBuilder().Build());
        return list.Should().Throw<StartRefusedException>().Which.Message;
    }
}
