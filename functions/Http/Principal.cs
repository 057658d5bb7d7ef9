using System.Buffers.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace OmsWorkflows.Http;

/// <summary>
/// A caller as the platform names it after sign-in: base64 of JSON in a header that it takes from nobody else. Ids and roles are read, and
/// nothing else: a token names people.
/// </summary>
/// <param name="Id">Object id of the person or application, or else the application's client id.</param>
/// <param name="Roles">The app roles it has.</param>
internal sealed record Principal(string Id, Callers Roles)
{
    /// <summary>The platform's header.</summary>
    public const string HeaderName = "X-MS-CLIENT-PRINCIPAL";

    private const int MaxLength = 32 * 1024;
    private const int MaxIdLength = 128;

    /// <summary>The platform spells types of claims short or long, as the token and its own settings have it.</summary>
    private static readonly string[] RoleTypes = ["roles", "role", "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"];

    /// <summary>The first that is there names the caller.</summary>
    private static readonly string[][] IdTypes =
    [
        ["oid", "http://schemas.microsoft.com/identity/claims/objectidentifier"],
        ["appid", "azp", "http://schemas.microsoft.com/identity/claims/appid"],
    ];

    /// <summary>Reads the header; null when it is not one, or names nobody.</summary>
    public static Principal? Read(IHeaderDictionary headers)
    {
        if (headers[HeaderName] is not [{ Length: > 0 and <= MaxLength } text] || !Base64.IsValid(text))
            return null;
        try
        {
            using var document = JsonDocument.Parse(Convert.FromBase64String(text));
            var (claims, roleType) = Claims(document.RootElement);
            var ids = IdTypes.Select(types => claims.FirstOrDefault(claim => types.Contains(claim.Type)).Value);
            return ids.FirstOrDefault(id => id is not null) is { } id && IsUsable(id) ? new(id, RolesOf(claims, roleType)) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static (List<(string? Type, string? Value)> Claims, string? RoleType) Claims(JsonElement root)
    {
        var claims = root.GetProperty("claims").EnumerateArray()
            .Select(claim => (claim.GetProperty("typ").GetString(), claim.GetProperty("val").GetString())).ToList();
        return (claims, root.TryGetProperty("role_typ", out var type) ? type.GetString() : null);
    }

    private static Callers RolesOf(IEnumerable<(string? Type, string? Value)> claims, string? roleType)
        => claims.Where(claim => RoleTypes.Contains(claim.Type) || (claim.Type is not null && claim.Type == roleType))
            .Aggregate(Callers.Anyone, (roles, claim) => roles | RoleOf(claim.Value));

    private static Callers RoleOf(string? name) => name switch
    {
        nameof(Callers.Caller) => Callers.Caller,
        nameof(Callers.Operator) => Callers.Operator,
        _ => Callers.Anyone,
    };

    private static bool IsUsable(string id) => id.Length is > 0 and <= MaxIdLength && id.All(character => character is > ' ' and <= '~');
}
