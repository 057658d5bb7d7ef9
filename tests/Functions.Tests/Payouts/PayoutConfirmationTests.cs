using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Time.Testing;
using Moq;
using OmsWorkflows.Functions.Tests.Instances;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Http;
using OmsWorkflows.Journeys;
using OmsWorkflows.Payouts;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Payouts;

/// <summary>Who may accept a price: a back end what it ordered, and only an operator what is more, or something else.</summary>
public sealed class PayoutConfirmationTests(Azurite azurite)
{
    private const string Id = "po-1";
    private const string Quote = "qt_1";

    private static readonly Actor Backend = new("7d1c1c1e-0000-4000-8000-000000000001", IsKnown: true) { Roles = Callers.Caller };
    private static readonly Actor Person = new("7d1c1c1e-0000-4000-8000-000000000002", IsKnown: true) { Roles = Callers.Operator };

    private readonly Mock<DurableTaskClient> _client = new("test");
    private readonly List<Signal> _raised = [];

    [Fact]
    public async Task A_price_as_ordered_is_confirmed_by_the_back_end_and_by_an_operator()
    {
        var payouts = await AwaitingAsync(personOnly: false);

        (await ConfirmAsync(payouts, Backend)).Should().Be(202);
        (await ConfirmAsync(payouts, Person)).Should().Be(202);

        _raised.Should().HaveCount(2).And.OnlyContain(signal => signal.Argument == Quote);
    }

    [Fact]
    public async Task A_price_that_only_a_person_may_confirm_is_refused_to_the_back_end_and_taken_from_an_operator()
    {
        var payouts = await AwaitingAsync(personOnly: true);

        (await ConfirmAsync(payouts, Backend)).Should().Be(403);
        _raised.Should().BeEmpty();

        (await ConfirmAsync(payouts, Person)).Should().Be(202);
        _raised.Should().ContainSingle().Which.Argument.Should().Be(Quote);
    }

    [Fact]
    public async Task Where_nobody_signs_in_whoever_has_the_key_confirms()
        => (await ConfirmAsync(await AwaitingAsync(personOnly: true), Actor.FunctionKey)).Should().Be(202);

    private async Task<PayoutEndpoints> AwaitingAsync(bool personOnly)
    {
        var quote = new QuoteState(Quote, 25m, 24.75m, 0.25m, 0.99m, Events.Start.AddMinutes(5), 1, 3) { PersonOnly = personOnly };
        var status = new JourneyStatus { Phase = JourneyPhase.AwaitingConfirmation, CustomerId = "cst_1", Quote = quote };
        _client.Setup(client => client.GetInstanceAsync(Id, It.IsAny<bool>(), It.IsAny<CancellationToken>())).ReturnsAsync(
            new OrchestrationMetadata(PayoutWorkflow.Name, Id)
            {
                DataConverter = JsonDataConverter.Default,
                SerializedCustomStatus = JsonDataConverter.Default.Serialize(status),
            });
        _client.Setup(client => client.RaiseEventAsync(Id, Signal.EventName, It.IsAny<object?>(), It.IsAny<CancellationToken>()))
            .Callback((string _, string _, object? signal, CancellationToken _) => _raised.Add((Signal)signal!))
            .Returns(Task.CompletedTask);
        var clock = new FakeTimeProvider(Events.Start);
        var app = new AppInstance(await azurite.TablesAsync(), new StubOms(clock), clock, new EphemeralDataProtectionProvider());
        await app.Intakes.AddAsync(
            new() { InstanceId = Id, Orchestration = PayoutWorkflow.Name, Input = "{}", State = IntakeState.Started }, default);
        return app.Payout;
    }

    private async Task<int?> ConfirmAsync(PayoutEndpoints payouts, Actor actor)
    {
        var request = AppInstance.Request(new { quoteId = Quote }, key: null);
        request.HttpContext.Features.Set(actor);
        var answer = await payouts.ConfirmPayout(request, Id, _client.Object, default);
        return ((IStatusCodeHttpResult)answer).StatusCode;
    }
}
