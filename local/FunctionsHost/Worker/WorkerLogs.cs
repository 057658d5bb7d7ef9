using OmsWorkflows.Local.FunctionsHost.Rpc;

namespace OmsWorkflows.Local.FunctionsHost.Worker;

/// <summary>Writes what the worker logs into the host's log, under the worker's own categories.</summary>
internal sealed class WorkerLogs(ILoggerFactory loggers)
{
    public void Write(RpcLog log)
    {
        if (log.LogCategory == RpcLog.Types.RpcLogCategory.CustomMetric)
            return;

        var level = (LogLevel)log.Level;
        var logger = loggers.CreateLogger(log.Category.Length > 0 ? log.Category : "Worker");
        if (!logger.IsEnabled(level))
            return;

        var text = log.Exception is { } exception
            ? string.Join(Environment.NewLine, log.Message, exception.Message, exception.StackTrace)
            : log.Message;
        logger.Log(level, new EventId(0, log.EventId), text, null, static (state, _) => state);
    }
}
