using Yarp.ReverseProxy.Forwarder;

namespace OmsWorkflows.Local.FunctionsHost.Http;

/// <summary>What is logged about HTTP; ids 7300 and up.</summary>
internal static partial class Log
{
    [LoggerMessage(7300, LogLevel.Error, "Function '{Function}' failed.")]
    public static partial void FunctionFailed(this ILogger logger, Exception exception, string function);

    [LoggerMessage(7301, LogLevel.Error, "A request to function '{Function}' could not be passed on: {Error}.")]
    public static partial void NotForwarded(this ILogger logger, Exception? exception, string function, ForwarderError error);
}
