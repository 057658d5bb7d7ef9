using System.Text;
using System.Text.Json.Nodes;

namespace OmsWorkflows.Machines;

/// <summary>The header in which the platform names who signed in. Tests stand in its place, and in that of whoever forges it.</summary>
internal static class PlatformPrincipal
{
    public const string HeaderName = "X-MS-CLIENT-PRINCIPAL";

    /// <summary>Somebody with these app roles.</summary>
    public static string With(params IEnumerable<string> roles)
    {
        var claims = roles.Select(role => Claim("roles", role)).Prepend(Claim("oid", "7d1c1c1e-0000-4000-8000-000000000001"));
        var principal = new JsonObject { ["auth_typ"] = "aad", ["claims"] = new JsonArray([.. claims]), ["role_typ"] = "roles" };
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(principal.ToJsonString()));
    }

    private static JsonObject Claim(string type, string value) => new JsonObject { ["typ"] = type, ["val"] = value };
}
