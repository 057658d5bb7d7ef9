using DurableTask.Core;
using Microsoft.DurableTask;

namespace OmsWorkflows.Local.Runtime.Engine.Replay;

/// <summary>Failure details as orchestrators see them and as history keeps them.</summary>
internal static class FailureMapping
{
    public static FailureDetails ToCore(this TaskFailureDetails details) => new(
        details.ErrorType, details.ErrorMessage, details.StackTrace, details.InnerFailure?.ToCore(), isNonRetriable: false, details.Properties);

    public static TaskFailureDetails ToTaskFailureDetails(this FailureDetails details) => new(
        details.ErrorType, details.ErrorMessage, details.StackTrace, details.InnerFailure?.ToTaskFailureDetails(), details.Properties);
}
