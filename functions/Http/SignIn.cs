using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace OmsWorkflows.Http;

/// <summary>Whether the platform signs callers in before the app.</summary>
internal enum SignInState
{
    /// <summary>It does not: a function key is all there is.</summary>
    Off = 0,

    /// <summary>It does, and names the caller in a header.</summary>
    On,

    /// <summary>The app is told that it does, and the platform says that it does not: nobody is let in.</summary>
    Contradiction,
}

/// <summary>Finds out whether the platform signs callers in.</summary>
internal sealed class SignIn(IOptionsMonitor<AccessOptions> options, IConfiguration configuration)
{
    public SignInState State => (options.CurrentValue.SignIn, IsOnAtThePlatform) switch
    {
        (true, false) => SignInState.Contradiction,
        (true, _) or (_, true) => SignInState.On,
        _ => SignInState.Off,
    };

    /// <summary>What the platform says of itself; null where there is none.</summary>
    private bool? IsOnAtThePlatform => bool.TryParse(configuration["WEBSITE_AUTH_ENABLED"], out var enabled) ? enabled : null;
}
