using System.Text.Json;
using OmsWorkflows.CashIns;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;
using OmsWorkflows.Onboarding;
using OmsWorkflows.Payouts;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Storage;

/// <summary>What a newer version wrote is read by this one, as far as it knows it (docs/decisions/0011-many-instances.md).</summary>
public sealed class KnownNamesTests
{
    public static TheoryData<Type> Persisted =>
    [
        typeof(SignalEvent), typeof(SettlementState), typeof(UnclaimedReason), typeof(IntakeState), typeof(JourneyPhase),
        typeof(OnboardingStep), typeof(CashInStep), typeof(PayoutStep), typeof(SubscriptionPhase),
    ];

    [Theory]
    [MemberData(nameof(Persisted))]
    public void A_name_of_a_newer_version_is_unknown_and_known_ones_are_as_they_were(Type type)
    {
        JsonSerializer.Deserialize("\"FromTheFuture\"", type)!.ToString().Should().Be("Unknown");
        JsonSerializer.Deserialize("99", type)!.ToString().Should().Be("Unknown");
        foreach (var value in Enum.GetValues(type))
            JsonSerializer.Deserialize(JsonSerializer.Serialize(value, type), type).Should().Be(value);
    }

    [Fact]
    public void No_persisted_enumeration_is_read_strictly()
    {
        string[] strict =
        [
            .. typeof(Program).Assembly.GetTypes()
                .Where(type => type.IsEnum && type.GetCustomAttributesData().Any(data => IsStrict(data.ConstructorArguments)))
                .Select(type => type.Name),
        ];

        strict.Should().BeEmpty();

        static bool IsStrict(IList<System.Reflection.CustomAttributeTypedArgument> arguments)
            => arguments is [{ Value: Type converter }] && converter.Name.StartsWith("JsonStringEnumConverter", StringComparison.Ordinal);
    }

    [Fact]
    public void A_signal_of_a_newer_version_is_read_with_what_is_known_of_it()
    {
        var signal = JsonSerializer.Deserialize<Signal>(
            """{"DeliveryId":"d","Event":"CashInFrozen","Command":"freeze","Newer":{"a":[1]},"ResourceId":"ci_1"}""")!;

        signal.Should().Be(new Signal { DeliveryId = "d", Command = "freeze", ResourceId = "ci_1", Event = SignalEvent.Unknown });
    }

    [Fact]
    public void A_status_and_an_input_of_a_newer_version_are_read_with_what_is_known_of_them()
    {
        var status = JsonSerializer.Deserialize<JourneyStatus>(
            """
            {"Phase":"AwaitingMoon","Ended":false,"Newer":1,"Passed":[{"Phase":"AwaitingMoon","At":"2026-06-10T00:00:00Z","Cause":null}]}
            """)!;
        var progress = JsonSerializer.Deserialize<CashInProgress>("""{"Step":"Fly","Round":2,"Newer":{}}""")!;

        status.Phase.Should().Be(JourneyPhase.Unknown);
        JourneyCommand.PossibleIn(status).Should().BeEmpty();
        progress.Should().Be(new CashInProgress { Step = CashInStep.Unknown, Round = 2 });
    }
}
