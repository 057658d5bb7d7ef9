using System.Text.Json.Nodes;
using OmsWorkflows.Soak;

namespace OmsWorkflows.Load.Measures;

/// <summary>How long journeys stood in each phase, as their status says.</summary>
internal static class PhaseTimes
{
    public static IReadOnlyDictionary<string, IReadOnlyList<TimeSpan>> Of(IReadOnlyList<JsonObject> documents)
        => documents
            .SelectMany(Stays)
            .GroupBy(stay => stay.Phase)
            .ToDictionary(group => group.Key, group => (IReadOnlyList<TimeSpan>)[.. group.Select(stay => stay.Lasted)]);

    private static IEnumerable<(string Phase, TimeSpan Lasted)> Stays(JsonObject document)
    {
        var passed = document.Items("passed").ToList();
        for (var i = 0; i + 1 < passed.Count; i++)
            yield return (passed[i].Text("phase")!, passed[i + 1].Time("at") - passed[i].Time("at"));
    }
}
