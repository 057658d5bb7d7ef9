namespace OmsWorkflows.Settings;

/// <summary>
/// While it lives, what keeps the app from starting (a setting, a file, a folder) ends the process with exit code 1 and one line that says
/// why. After that an exception nobody caught is a fault of the app, whose stack trace is wanted.
/// </summary>
public sealed class StartRefusal : IDisposable
{
    /// <summary>Begins.</summary>
    public StartRefusal() => AppDomain.CurrentDomain.UnhandledException += EndInOneLine;

    /// <summary>The app has started.</summary>
    public void Dispose() => AppDomain.CurrentDomain.UnhandledException -= EndInOneLine;

    /// <summary>What went wrong, on one line.</summary>
    internal static string Line(Exception exception)
    {
        while (exception.InnerException is { } inner)
            exception = inner;

        var lines = exception.Message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return $"The app cannot start: {string.Join(' ', lines)}";
    }

    private static void EndInOneLine(object sender, UnhandledExceptionEventArgs unhandled)
    {
        Console.Error.WriteLine(Line((Exception)unhandled.ExceptionObject));
        Environment.Exit(1);
    }
}
