using System.Text.Json.Nodes;
using OmsWorkflows.Local.AppHost.Demo;
using OmsWorkflows.Soak.Processes;

namespace OmsWorkflows.Soak.Playing;

/// <summary>Customers OMS knows before the run.</summary>
internal static class KnownCustomers
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    /// <summary>Makes them, and waits until they may pay in.</summary>
    /// <returns>Their ids.</returns>
    public static async Task<IReadOnlyList<string>> CreateAsync(OmsSimulator oms, int count, CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        for (var number = 0; number < count; number++)
        {
            var body = Story.Applicant($"known-{number}");
            body["type"] = "individual";
            ids.Add((await oms.PostAsync("/customers", body, $"known-{number}", cancellationToken)).Text("id")!);
        }

        using var timer = new PeriodicTimer(Look);
        while (!(await oms.ListAsync("/customers", cancellationToken)).All(IsEndorsed))
            await timer.WaitForNextTickAsync(cancellationToken);
        return ids;
    }

    private static bool IsEndorsed(JsonObject customer)
        => customer.Items("endorsements").All(endorsement => endorsement.Text("status") == "ACTIVE");
}
