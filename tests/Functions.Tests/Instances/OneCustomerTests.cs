using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Journeys;
using OmsWorkflows.Onboarding;

namespace OmsWorkflows.Functions.Tests.Instances;

/// <summary>
/// One person, one customer: the customer that is there already is used, or left alone and named (docs/decisions/0011-many-instances.md).
/// </summary>
public sealed class OneCustomerTests
{
    private readonly World _world = new(new Interleaving(_ => 0));

    [Fact]
    public async Task A_customer_that_no_journey_made_is_left_alone_and_named()
    {
        var foreign = Fixture.Node("resources/customer.active.json").AsObject();
        foreign["id"] = "cst_foreign";
        foreign["externalId"] = "user-1";
        foreign["metadata"] = new JsonObject();
        _world.Oms.Customers.Add(foreign);

        var status = await RunAsync("order-1");

        status.Phase.Should().Be(JourneyPhase.Failed);
        status.Reason!.Code.Should().Be("customer_exists");
        status.Reason.Detail.Should().Contain("cst_foreign");
        status.CustomerId.Should().BeNull();
        _world.Oms.Customers.Should().ContainSingle();
        _world.Oms.Updates.Should().BeEmpty();
    }

    [Fact]
    public async Task A_second_start_for_one_person_uses_the_first_ones_customer_and_says_whose_it_is()
    {
        var first = await RunAsync("order-1");

        var second = await RunAsync("order-2");

        second.Phase.Should().Be(JourneyPhase.Completed);
        second.CustomerId.Should().Be(first.CustomerId);
        second.CustomerAdoptedFrom.Should().Be(Id("order-1"));
        second.Wallet.Should().Be(first.Wallet);
        first.CustomerAdoptedFrom.Should().BeNull();
    }

    private static string Id(string key) => JourneyId.From(OnboardingEndpoints.Kind.Prefix, key);

    private async Task<JourneyStatus> RunAsync(string key)
    {
        var request = AppInstance.Request(new { applicant = JsonNode.Parse(JourneysExplorerTests.Ana) }, key);
        var answer = await _world.NewInstance().Onboard.StartOnboarding(request, _world.Engine, CancellationToken.None);
        ((IStatusCodeHttpResult)answer).StatusCode.Should().Be(StatusCodes.Status202Accepted);
        (await _world.RunAsync()).Should().BeEmpty();
        return _world.Engine.Find(Id(key))!.Status!;
    }
}
