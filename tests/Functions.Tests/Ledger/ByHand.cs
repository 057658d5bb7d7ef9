using OmsWorkflows.Actions;
using OmsWorkflows.Functions.Tests.Webhooks;

namespace OmsWorkflows.Functions.Tests.Ledger;

/// <summary>Decisions of an operator.</summary>
internal static class ByHand
{
    public static DecidedBy With(string reference) => new("operator-1", Events.Start, reference, "late cash");
}
