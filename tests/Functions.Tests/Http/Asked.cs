using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace OmsWorkflows.Functions.Tests.Http;

/// <summary>What an endpoint answered.</summary>
internal sealed record Asked(int Status, JsonNode Body)
{
    /// <summary>The fields a problem names.</summary>
    public IEnumerable<string> Errors => Body["errors"]!.AsObject().Select(error => error.Key);

    /// <summary>Serves one request with a query string.</summary>
    public static async Task<Asked> AskAsync(string query, Func<HttpRequest, Task<IResult>> serve)
    {
        using var services = new ServiceCollection().AddLogging().AddProblemDetails().BuildServiceProvider();
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = services, Response = { Body = body } };
        context.Request.QueryString = new QueryString(query);
        await (await serve(context.Request)).ExecuteAsync(context);
        return new(context.Response.StatusCode, JsonNode.Parse(Encoding.UTF8.GetString(body.ToArray()))!);
    }

    /// <summary>The answer in the form in which it was given.</summary>
    public T As<T>() => Body.Deserialize<T>(JsonSerializerOptions.Web)!;
}
