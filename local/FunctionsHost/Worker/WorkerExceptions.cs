using OmsWorkflows.Local.FunctionsHost.Rpc;

namespace OmsWorkflows.Local.FunctionsHost.Worker;

/// <summary>
/// The worker ended while an invocation ran. The Durable extension knows this exception by its name: an orchestrator runs again at once, an
/// activity has failed, as in Azure, and its retry policy decides.
/// </summary>
internal sealed class WorkerProcessExitException(string message) : Exception(message);

/// <summary>A function failed in the worker. The extension reads type, message and stack out of the text, so its form is given.</summary>
internal sealed class FunctionFailedException(StatusResult result)
    : Exception($"Result: {result.Status}\nException: {result.Exception?.Message}\nStack: {result.Exception?.StackTrace}");
