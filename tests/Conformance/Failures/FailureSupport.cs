namespace OmsWorkflows.Conformance.Failures;

internal static class FailureSupport
{
    /// <summary>Registers an activity that always throws.</summary>
    public static DurableTaskRegistry AddFailingActivity(this DurableTaskRegistry tasks, string name, Func<Exception> failure)
        => tasks.AddActivityFunc<object?, string>(name, (_, _) => Task.FromException<string>(failure()));

    /// <summary>Registers an orchestrator that always throws.</summary>
    public static DurableTaskRegistry AddFailingOrchestrator(this DurableTaskRegistry tasks, string name, Func<Exception> failure)
        => tasks.AddOrchestratorFunc<object?, string>(name, (_, _) => Task.FromException<string>(failure()));

    /// <summary>A failure and its inner causes, outermost first.</summary>
    public static IEnumerable<TaskFailureDetails> Chain(this TaskFailureDetails failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerFailure)
            yield return cause;
    }
}
