using Microsoft.Extensions.Configuration;
using OmsWorkflows.Local.FunctionsHost;
using OmsWorkflows.Local.FunctionsHost.Functions;
using OmsWorkflows.Local.FunctionsHost.Rpc;

namespace OmsWorkflows.FunctionsHost.Tests.Functions;

public sealed class FunctionListTests
{
    [Theory]
    [InlineData("queueTrigger")]
    [InlineData("serviceBusTrigger")]
    [InlineData("blobTrigger")]
    public void From_TriggerThatIsNotServed_IsRefusedByName(string trigger)
        => Refusal(Metadata.Of("Pump", Metadata.Binding(trigger))).Should().Contain("'Pump'").And.Contain($"'{trigger}'").And.Contain("httpTrigger");

    [Fact]
    public void From_OutputThatIsNotServed_IsRefusedByName()
        => Refusal(Metadata.Of("Pump", Metadata.Binding("timerTrigger"), Metadata.Binding("queue", "$return"))).Should().Contain("'Pump'").And.Contain("'queue'");

    [Fact]
    public void From_DurableClientOfAnotherTaskHub_IsRefused()
    {
        var client = Metadata.Binding("durableClient", "client");
        client["taskHub"] = "Elsewhere";

        Refusal(Metadata.Of("Starter", Metadata.Binding("httpTrigger"), client)).Should().Contain("'Starter'").And.Contain("'Elsewhere'");
    }

    [Fact]
    public void From_NamesThatDifferInCaseOnly_AreRefused()
        => Refusal(Metadata.Of("Sweep", Metadata.Binding("timerTrigger")), Metadata.Of("SWEEP", Metadata.Binding("timerTrigger"))).Should().Contain("twice");

    [Fact]
    public void From_FunctionWithoutTrigger_IsRefused() => Refusal(Metadata.Of("Idle", Metadata.Binding("http"))).Should().Contain("'Idle'").And.Contain("0 triggers");

    [Fact]
    public void From_SettingDisablesAFunction_ItIsLeftOutWhateverItsTrigger()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("AzureWebJobs.Pump.Disabled", "true")]).Build();

        var functions = FunctionList.From([Metadata.Of("Pump", Metadata.Binding("queueTrigger")), Metadata.Of("Sweep", Metadata.Binding("timerTrigger"))], settings);

        functions.Select(function => function.Name).Should().Equal("Sweep");
    }

    private static string Refusal(params RpcFunctionMetadata[] metadata)
    {
        var list = () => FunctionList.From(metadata, new ConfigurationBuilder().Build());
        return list.Should().Throw<StartRefusedException>().Which.Message;
    }
}
