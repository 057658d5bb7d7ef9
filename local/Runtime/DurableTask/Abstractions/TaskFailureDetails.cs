using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using OmsWorkflows.Local.Runtime.Engine.Replay;

namespace Microsoft.DurableTask;

/// <summary>Why a task failed, in a form that survives a restart and another version of the code.</summary>
/// <param name="ErrorType">Full name of the exception's type.</param>
/// <param name="ErrorMessage">Its message.</param>
/// <param name="StackTrace">Where it was thrown.</param>
/// <param name="InnerFailure">What caused it.</param>
/// <param name="Properties">Further values of the exception.</param>
public record TaskFailureDetails(
    string ErrorType,
    string ErrorMessage,
    string? StackTrace,
    TaskFailureDetails? InnerFailure,
    IDictionary<string, object?>? Properties)
{
    private Type? _exceptionType;

    /// <inheritdoc/>
    public override string ToString() => $"{ErrorType}: {ErrorMessage}";

    /// <summary>Whether the failure was an exception of type <typeparamref name="T"/> or of one derived from it.</summary>
    /// <typeparam name="T">The type.</typeparam>
    public bool IsCausedBy<T>()
        where T : Exception => IsCausedBy(typeof(T));

    /// <summary>Whether the failure was an exception of the type or of one derived from it.</summary>
    /// <param name="targetBaseExceptionType">The type.</param>
    /// <exception cref="ArgumentException">The type is not an exception.</exception>
    /// <exception cref="AmbiguousMatchException">Several loaded assemblies have a type of the recorded name.</exception>
    public bool IsCausedBy(Type targetBaseExceptionType)
    {
        ArgumentNullException.ThrowIfNull(targetBaseExceptionType);
        if (!typeof(Exception).IsAssignableFrom(targetBaseExceptionType))
        {
            throw new ArgumentException($"{targetBaseExceptionType} is not an exception.", nameof(targetBaseExceptionType));
        }

        if (string.IsNullOrEmpty(ErrorType))
        {
            return false;
        }

        _exceptionType ??= Type.GetType(ErrorType, throwOnError: false)
            ?? targetBaseExceptionType.Assembly.GetType(ErrorType, throwOnError: false)
            ?? Assembly.GetCallingAssembly().GetType(ErrorType, throwOnError: false)
            ?? FindAnywhere(ErrorType);
        return _exceptionType is not null && targetBaseExceptionType.IsAssignableFrom(_exceptionType);
    }

    /// <summary>Describes an exception with what caused it.</summary>
    /// <param name="exception">The exception.</param>
    public static TaskFailureDetails FromException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return Describe(exception);
    }

    [return: NotNullIfNotNull(nameof(exception))]
    private static TaskFailureDetails? Describe(Exception? exception) => exception switch
    {
        null => null,
        RemoteTaskFailure { Details: null } => new("(unknown)", "(unknown)", null, null, null),
        RemoteTaskFailure { Details: { } details } => details,
        _ => new(exception.GetType().ToString(), exception.Message, exception.StackTrace, Describe(exception.InnerException), null),
    };

    private static Type? FindAnywhere(string name)
    {
        var types = AppDomain.CurrentDomain.GetAssemblies()
            .Select(assembly => assembly.GetType(name, throwOnError: false))
            .OfType<Type>()
            .ToList();
        return types.Count > 1
            ? throw new AmbiguousMatchException($"Several loaded assemblies have an exception named '{name}'.")
            : types.FirstOrDefault();
    }
}
