namespace OmsWorkflows.Conformance;

/// <summary>Lets a time pass by the clock of the engine that is tested.</summary>
internal static class Sleeping
{
    /// <summary>Adds <c>Sleep</c>, which takes as long as it is told.</summary>
    public static DurableTaskRegistry AddSleep(this DurableTaskRegistry tasks)
        => tasks.AddOrchestratorFunc<TimeSpan, string>("Sleep", async (context, time) =>
        {
            await context.CreateTimer(time, CancellationToken.None);
            return "slept";
        });
}
