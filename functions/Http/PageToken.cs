using System.Buffers.Text;
using System.Text;

namespace OmsWorkflows.Http;

/// <summary>Where a page of a list ended, in a form that fits a query string.</summary>
internal static class PageToken
{
    public static string? Encode(string? token) => token is null ? null : Base64Url.EncodeToString(Encoding.UTF8.GetBytes(token));

    /// <exception cref="FormatException">It is no token.</exception>
    public static string? Decode(string? after) => after is null ? null : Encoding.UTF8.GetString(Base64Url.DecodeFromChars(after));
}
