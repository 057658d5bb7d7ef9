using Microsoft.AspNetCore.Http;

namespace OmsWorkflows.Http;

/// <summary>Who asks: an opaque id of a person or an application, or whoever knows a function key.</summary>
/// <param name="Id">The object id or application id of who signed in; <c>function key</c> where nobody does.</param>
/// <param name="IsKnown">Whether it signed in, so that it can be told from another.</param>
public sealed record Actor(string Id, bool IsKnown)
{
    /// <summary>The roles of who signed in.</summary>
    public Callers Roles { get; init; }

    /// <summary>Somebody who knows a function key; the app is not told which.</summary>
    public static Actor FunctionKey { get; } = new("function key", IsKnown: false);

    /// <summary>Whether it has a role; whoever knows a function key counts as all of them.</summary>
    public bool Has(Callers role) => !IsKnown || (Roles & role) != 0;

    /// <summary>Who sent a request.</summary>
    public static Actor Of(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.HttpContext.Features.Get<Actor>() ?? FunctionKey;
    }

    /// <summary>
    /// A key of the caller's, told from the same text of another caller. Line breaks are in no key, so that no two pairs are the same.
    /// </summary>
    public string Scope(string key) => IsKnown ? $"{Id}\n{key}" : key;
}
