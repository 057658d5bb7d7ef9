using DurableTask.Core;
using Microsoft.DurableTask.Abstractions;
using Microsoft.DurableTask.Worker;

namespace OmsWorkflows.Local.Runtime.Engine.Dispatch;

/// <summary>Whether an orchestration of a version is run here.</summary>
internal sealed class VersionGate(DurableTaskWorkerOptions.VersioningOptions? options)
{
    /// <summary>Whether an orchestration that is not run here fails, instead of waiting for a worker that runs it.</summary>
    public bool FailsMismatch => options?.FailureStrategy == DurableTaskWorkerOptions.VersionFailureStrategy.Fail;

    /// <summary>Why a version is not run here; <see langword="null"/> when it is.</summary>
    public FailureDetails? Check(string version)
    {
        if (options is null)
        {
            return null;
        }

        var order = TaskOrchestrationVersioningUtils.CompareVersions(version, options.Version);
        return options.MatchStrategy switch
        {
            DurableTaskWorkerOptions.VersionMatchStrategy.None => null,
            DurableTaskWorkerOptions.VersionMatchStrategy.Strict => order == 0
                ? null
                : Mismatch($"The orchestration version '{version}' does not match the worker version '{options.Version}'."),
            DurableTaskWorkerOptions.VersionMatchStrategy.CurrentOrOlder => order <= 0
                ? null
                : Mismatch($"The orchestration version '{version}' is greater than the worker version '{options.Version}'."),
            _ => new FailureDetails(
                "VersionError", $"The version match strategy '{options.MatchStrategy}' is unknown.", null, null, isNonRetriable: true),
        };
    }

    private static FailureDetails Mismatch(string message) => new("VersionMismatch", message, null, null, isNonRetriable: true);
}
