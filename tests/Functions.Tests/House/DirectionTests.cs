using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace OmsWorkflows.Functions.Tests.House;

/// <summary>The rooms of the app know of each other in one direction only (docs/architecture.md).</summary>
public sealed class DirectionTests
{
    private const string App = nameof(OmsWorkflows);

    /// <summary>
    /// Rooms of one row do not know each other, except for those named in <see cref="Neighbours"/>; each may know all rows before.
    /// </summary>
    private static readonly string[][] Rows =
    [
        ["Settings"],
        ["Http", "Telemetry", "Secrets", "Oms", "Storage"],
        ["Actions"],
        ["Ledger"],
        ["Webhooks"],
        ["Outbox"],
        ["Journeys"],
        ["Onboarding"],
        ["CashIns", "Payouts", "BankDeposits"],
        ["Notifications"],
        ["Operations", "OperatorConsole"],
        ["Access"],
    ];

    private static readonly HashSet<(string From, string To)> Neighbours = [("Oms", "Telemetry"), ("Secrets", "Telemetry")];

    private static readonly Architecture Architecture = new ArchLoader().LoadAssembly(typeof(Program).Assembly).Build();

    public static TheoryData<string> Rooms => [.. Rows.SelectMany(row => row)];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_knows_only_the_rooms_before_it(string room)
    {
        var row = Array.FindIndex(Rows, row => row.Contains(room));
        var others = Rows[row..].SelectMany(each => each).Where(other => other != room && !Neighbours.Contains((room, other))).ToList();
        others.Add("Program");
        var rule = Types().That().ResideInNamespaceMatching(Of(room)).Should()
            .NotDependOnAny(Types().That().ResideInNamespaceMatching(string.Join('|', others.Select(Of))));

        var broken = rule.Evaluate(Architecture).Where(result => !result.Passed).Select(result => result.Description);

        broken.Should().BeEmpty();
    }

    [Fact]
    public void Every_room_has_its_place()
    {
        var rooms = Architecture.Types.Select(type => type.Namespace.FullName).Where(
            name => name.StartsWith(App + ".", StringComparison.Ordinal))
            .Select(name => name.Split('.')[1]).Distinct();

        rooms.Should().BeEquivalentTo(Rows.SelectMany(row => row));
    }

    private static string Of(string room) => $@"^{App}\.{room}(\.|$)";
}
