using Microsoft.Azure.WebJobs.Description;
using Microsoft.Azure.WebJobs.Host.Config;
using OmsWorkflows.Local.FunctionsHost.Keys;
using Handler = Microsoft.Azure.WebJobs.IAsyncConverter<System.Net.Http.HttpRequestMessage, System.Net.Http.HttpResponseMessage>;

namespace OmsWorkflows.Local.FunctionsHost.Durable;

/// <summary>The HTTP interfaces of extensions, such as the Durable extension's management API, by the extension's name.</summary>
#pragma warning disable CS0618 // Marked as not for general use: it is how a host tells an extension its address.
internal sealed class WebHooks(string hostName, HostKeys keys) : IWebHookProvider
{
    /// <summary>Where they are, followed by the extension's name.</summary>
    public const string Path = "/runtime/webhooks";

    private readonly Dictionary<string, Handler> _handlers = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The handler of the extension with this name.</summary>
    public Handler? Find(string extension) => _handlers.GetValueOrDefault(extension);

    /// <summary>Notes the extension and tells it its address, with the key that opens it.</summary>
    public Uri GetUrl(IExtensionConfigProvider extension)
    {
        var type = extension.GetType();
        var attribute = (ExtensionAttribute?)Attribute.GetCustomAttribute(type, typeof(ExtensionAttribute));
        var name = (attribute?.ConfigurationSection ?? type.Name).ToLowerInvariant();
        _handlers[name] = (Handler)extension;
        return new Uri($"http://{hostName}{Path}/{name}?code={keys.SystemKey(name)}");
    }
}
