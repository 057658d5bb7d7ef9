using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Http;

/// <summary>Decides whether a request may reach a function, and who sent it (docs/security.md).</summary>
internal sealed class Gate(AccessRules rules, SignIn signIn, ILogger<Gate> logger)
{
    /// <summary>What was found: who asks, or the problem to answer with.</summary>
    public Checked<Actor> Judge(string function, HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (rules.Of(function) is not { } allowed)
        {
            logger.FunctionWithoutRule(function);
            return new(Forbidden());
        }

        return signIn.State switch
        {
            SignInState.Off => JudgeKeyHolder(function, request),
            _ when allowed == Callers.Anyone => new(Actor.FunctionKey),
            SignInState.On => JudgeSignedIn(function, request, allowed),
            _ => new(Refuse(function, "the platform does not sign in", Unauthorized("Sign-in is switched off; switch it on again."))),
        };
    }

    /// <summary>The host has looked at the key. Nobody vouches for a name that comes along with it.</summary>
    private Checked<Actor> JudgeKeyHolder(string function, HttpRequest request)
    {
        if (!request.Headers.ContainsKey(Principal.HeaderName))
            return new(Actor.FunctionKey);
        return new(Refuse(function, "a principal that nobody vouches for", Problems.Of(
            StatusCodes.Status403Forbidden, "principal-refused", "The request names a caller that nobody vouches for",
            $"Leave the header {Principal.HeaderName} out: only the platform sets it, where it signs callers in.")));
    }

    private Checked<Actor> JudgeSignedIn(string function, HttpRequest request, Callers allowed)
    {
        if (IsFromAnotherSite(request))
        {
            return new(Refuse(function, "another site's page", Problems.Of(
                StatusCodes.Status403Forbidden, "cross-site", "Another site's page sent this", "Use the console of this app.")));
        }

        if (Principal.Read(request.Headers) is not { } principal)
        {
            return new(Refuse(
                function, "no principal", Unauthorized("Send a token of an application or a person with a role of this app.")));
        }

        if ((principal.Roles & allowed) != 0)
            return new(new Actor(principal.Id, IsKnown: true) { Roles = principal.Roles });
        logger.RoleMissing(principal.Id, function, allowed);
        return new(Forbidden());
    }

    /// <summary>A browser sends its session along with what another site's page asks for, and says that it was another's.</summary>
    private static bool IsFromAnotherSite(HttpRequest request)
        => !HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site";

    private IResult Refuse(string function, string cause, IResult problem)
    {
        logger.CallRefused(function, cause);
        return problem;
    }

    private static IResult Unauthorized(string detail)
        => Problems.Of(StatusCodes.Status401Unauthorized, "sign-in-required", "Nobody is signed in", detail);

    private static IResult Forbidden() => Problems.RoleMissing(
        "Ask for the role in Entra ID: Caller starts journeys and confirms payouts, Operator decides about money and webhooks.");
}
