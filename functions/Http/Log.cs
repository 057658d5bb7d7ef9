using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Http;

/// <summary>What serving requests logs.</summary>
internal static partial class Log
{
    [LoggerMessage(2002, LogLevel.Error, "Request {Method} {Function} failed.")]
    public static partial void RequestFailed(this ILogger logger, Exception exception, string method, string function);

    [LoggerMessage(6007, LogLevel.Warning,
        "{Refused} requests were refused since this was last said, because {MaxRequests} were being served (Http:MaxRequests)")]
    public static partial void TooBusy(this ILogger logger, long refused, int maxRequests);

    [LoggerMessage(6001, LogLevel.Warning,
        "Callers are known by a function key alone, which names nobody: for development only. See docs/security.md before money moves.")]
    public static partial void KeysAlone(this ILogger logger);

    [LoggerMessage(6002, LogLevel.Error,
        "Access:SignIn says that callers sign in, and the platform says that they do not: nobody is let in until both agree")]
    public static partial void SignInContradicted(this ILogger logger);

    [LoggerMessage(6003, LogLevel.Warning, "A call of {Function} was refused: {Cause}")]
    public static partial void CallRefused(this ILogger logger, string function, string cause);

    [LoggerMessage(6004, LogLevel.Warning, "{Actor} may not call {Function}: it needs {Roles}")]
    public static partial void RoleMissing(this ILogger logger, string actor, string function, Callers roles);

    [LoggerMessage(6005, LogLevel.Error, "Nobody may call {Function}: there is no rule for it")]
    public static partial void FunctionWithoutRule(this ILogger logger, string function);

    [LoggerMessage(6006, LogLevel.Information, "{Actor} called {Function}, answered {Status}")]
    public static partial void Acted(this ILogger logger, string actor, string function, int status);
}
