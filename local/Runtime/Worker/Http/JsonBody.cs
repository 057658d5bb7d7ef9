using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OmsWorkflows.Local.Runtime.Worker.Http;

/// <summary>Reads the body of a request as JSON.</summary>
internal sealed class JsonBody
{
    private JsonBody()
    {
    }

    /// <summary>Reads the body as <paramref name="type"/>.</summary>
    /// <exception cref="InvalidOperationException">The body is not JSON of that type.</exception>
    public static async ValueTask<object?> ReadAsync(Invocation invocation, Type type)
    {
        var request = (HttpRequest)invocation.TriggerValue!;
        var options = invocation.InstanceServices.GetRequiredService<IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions>>().Value.SerializerOptions;
        try
        {
            return await JsonSerializer.DeserializeAsync(request.Body, type, options, invocation.CancellationToken);
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException($"The request's body is not JSON of the shape that function '{invocation.Function.Name}' takes.", e);
        }
    }
}
