using System.Text.Json;

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

    /// <summary>
    /// Does what a setting asks of a file or folder; what goes wrong with that is told by the setting's name, and what it says is kept.
    /// </summary>
    /// <exception cref="InvalidOperationException">It cannot be done.</exception>
    public static T Using<T>(string setting, string path, Func<T> use)
    {
        ArgumentNullException.ThrowIfNull(use);
        try
        {
            return use();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // A parser quotes what it cannot read, which may be a secret.
            var why = Innermost(e) is JsonException json
                ? $"it is no JSON object; reading stopped at line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}."
                : Innermost(e).Message;
            throw new InvalidOperationException($"{setting} {path} cannot be used: {why}");
        }
    }

    /// <summary>What went wrong, on one line.</summary>
    internal static string Line(Exception exception)
    {
        var text = Innermost(exception).Message;
        var lines = text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return $"The app cannot start: {string.Join(' ', lines)}";
    }

    /// <summary>The deepest cause that says what it is about: below a denied path is a bare "Permission denied".</summary>
    private static Exception Innermost(Exception exception)
    {
        while (exception is not UnauthorizedAccessException && exception.InnerException is { } inner)
            exception = inner;

        return exception;
    }

    private static void EndInOneLine(object sender, UnhandledExceptionEventArgs unhandled)
    {
        Console.Error.WriteLine(Line((Exception)unhandled.ExceptionObject));
        Environment.Exit(1);
    }
}
