using System.Text.Json;

namespace OmsWorkflows.Local.FunctionsHost;

/// <summary>The host cannot start as it is set up. The message is the one line the user sees: which setting or path, and why.</summary>
internal sealed class StartRefusedException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>
    /// The message of the deepest cause that says what it is about, on one line: below a denied path is a bare "Permission denied".
    /// </summary>
    public static string Cause(Exception exception)
    {
        while (!SaysAll(exception) && exception.InnerException is { } inner)
            exception = inner;

        return OneLine(exception.Message);
    }

    /// <summary>By its name: the provider may come from the app's folder, which is not known yet when settings are read.</summary>
    private static bool SaysAll(Exception exception)
        => exception is StartRefusedException or UnauthorizedAccessException || exception.GetType().Name == "SqliteStoreException";

    /// <summary>Reads a file; whatever is wrong with it is a refusal that names it.</summary>
    public static T Reading<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or InvalidOperationException or FormatException or IOException
            or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"{path} cannot be read: {Cause(e)}", e);
        }
    }

    /// <summary>Joins the lines of a text.</summary>
    public static string OneLine(string text)
        => string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
