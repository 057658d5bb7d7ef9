namespace OmsWorkflows.Local.Sandbox.Http;

/// <summary>Paths of the API: <c>/{version}/…</c>; everything else is ours.</summary>
internal static class ApiPath
{
    public static bool IsApi(HttpContext context) => context.Request.Path.Value is ['/', 'v', '0', '.', ..];

    public static string WithoutVersion(PathString path)
    {
        var text = path.Value ?? "/";
        var end = text.IndexOf('/', 1);
        return end < 0 ? "/" : text[end..];
    }

    public static bool IsTokenExchange(HttpContext context) => WithoutVersion(context.Request.Path) == "/auth/token";
}
