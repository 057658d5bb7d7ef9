using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Functions.Tests.Instances;
using OmsWorkflows.Functions.Tests.Journeys;
using OmsWorkflows.Functions.Tests.Tables;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Journeys;
using OmsWorkflows.Onboarding;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Functions.Tests.Onboarding;

/// <summary>What a caller supplies to a journey that waits for it, or does not any more (docs/decisions/0011-many-instances.md).</summary>
public sealed class ApplicantSupplyTests
{
    private const string Id = "onb-1";

    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly AppTables _tables = new InMemoryTables().Open();
    private readonly FakeTimeProvider _clock = new(Events.Start);
    private readonly JourneyRecorder _journeys = new();
    private readonly Intakes _intakes;

    public ApplicantSupplyTests() => _intakes = new Intakes(_tables, new EphemeralDataProtectionProvider());

    [Theory]
    [InlineData(JourneyPhase.AwaitingApplicant, 202)]
    [InlineData(JourneyPhase.AwaitingEndorsements, 202)]
    [InlineData(JourneyPhase.ProvisioningWallet, 409)]
    [InlineData(JourneyPhase.Completed, 409)]
    public async Task It_is_taken_while_OMS_reviews_the_applicant_and_refused_before_and_after(JourneyPhase phase, int status)
    {
        await AddAsync(phase);

        (await SupplyAsync()).Should().Be(status);

        (await _intakes.GetAsync(Id, Token)).Supplement.Should().Match(supplement => (supplement != null) == (status == 202));
        _journeys.Of(Id).Should().HaveCount(status == 202 ? 1 : 0);
    }

    [Fact]
    public async Task It_is_refused_when_the_journey_closed_after_its_status_was_read_and_nothing_is_kept()
    {
        await AddAsync(JourneyPhase.AwaitingApplicant);
        await _intakes.ForgetPersonAsync(Id, Token);

        (await SupplyAsync()).Should().Be(StatusCodes.Status409Conflict);

        (await _intakes.GetAsync(Id, Token)).Supplement.Should().BeNull();
        _journeys.Raised.Should().BeEmpty();
    }

    private async Task AddAsync(JourneyPhase phase)
    {
        await _intakes.AddAsync(new() { InstanceId = Id, Orchestration = OnboardingWorkflow.Name, Input = "{}" }, Token);
        _journeys.With(Id).Statuses[Id] = JsonSerializer.Serialize(new JourneyStatus { Phase = phase });
    }

    private async Task<int?> SupplyAsync()
    {
        var supply = new ApplicantSupply(_intakes, Acts.CommandsOn(_tables, _intakes, _clock), _clock);
        var request = AppInstance.Request(new { email = "ana@example.test" }, "supply-1");
        var answer = await supply.ServeAsync(request, _journeys.Client, OnboardingEndpoints.Kind, Id, Token);
        return ((IStatusCodeHttpResult)answer).StatusCode;
    }
}
