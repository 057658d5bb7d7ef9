using OmsWorkflows.Local.FunctionsHost.Functions;

namespace OmsWorkflows.Local.FunctionsHost.Keys;

/// <summary>Which keys open an HTTP function.</summary>
internal enum AuthLevel
{
    /// <summary>None is needed.</summary>
    Anonymous,

    /// <summary>A key of the function, a host key, or the master key.</summary>
    Function,

    /// <summary>The master key only.</summary>
    Admin,
}

internal static class AuthLevels
{
    /// <summary>The level of an HTTP function; <c>function</c> if it names none.</summary>
    /// <exception cref="StartRefusedException">It names one that this host does not know.</exception>
    public static AuthLevel Of(Function function)
    {
        var text = function.Trigger.Text("authLevel");
        if (string.IsNullOrEmpty(text))
            return AuthLevel.Function;

        return Enum.TryParse<AuthLevel>(text, ignoreCase: true, out var level) && Enum.IsDefined(level)
            ? level
            : throw new StartRefusedException($"Function '{function.Name}' has authLevel '{text}'; served are anonymous, function, admin.");
    }
}
