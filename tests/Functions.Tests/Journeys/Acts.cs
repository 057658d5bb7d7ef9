using Microsoft.Extensions.Logging.Abstractions;
using OmsWorkflows.Actions;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Journeys;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Functions.Tests.Journeys;

/// <summary>What keeps who did what, over tables.</summary>
internal static class Acts
{
    public static Decisions DecisionsOn(AppTables tables, TimeProvider clock, DecisionOptions? options = null) => new(
        tables, new ActionLog(tables), new FixedOptions<DecisionOptions>(options ?? new()), clock, NullLogger<Decisions>.Instance);

    public static JourneyCommands CommandsOn(AppTables tables, Intakes intakes, TimeProvider clock)
        => new(intakes, new ActionLog(tables), DecisionsOn(tables, clock), clock);

    public static JourneyReader ReaderOn(AppTables tables, TimeProvider clock) => new(new ActionLog(tables), DecisionsOn(tables, clock));
}
