using System.Buffers.Text;
using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace OmsWorkflows.Secrets.DataProtection;

/// <summary>How the vault is called.</summary>
internal sealed class VaultKeyOptions : ClientOptions;

/// <summary>
/// One Key Vault key that wraps and unwraps content keys; its private half never leaves the vault. Speaks the two operations of the
/// vault's REST protocol that this takes (docs/decisions/0007-data-protection-keys.md).
/// </summary>
internal sealed class VaultKey
{
    private const string Algorithm = "RSA-OAEP-256";
    private const string ApiVersion = "7.4";
    private readonly Uri _key;
    private readonly HttpPipeline _pipeline;

    // The key's identifier carries no version: the newest version wraps, so the key can be rotated in the vault.
    public VaultKey(Uri key, TokenCredential credential, VaultKeyOptions options)
    {
        _key = key;
        _pipeline = HttpPipelineBuilder.Build(options, new BearerTokenAuthenticationPolicy(credential, Scope(key)));
    }

    /// <summary>Wraps a content key.</summary>
    /// <returns>The version that wrapped, needed to unwrap, and the wrapped key.</returns>
    /// <exception cref="RequestFailedException">The vault refused or could not be reached.</exception>
    public (Uri Version, byte[] Wrapped) Wrap(ReadOnlySpan<byte> contentKey)
    {
        var (version, value) = Post(_key, "wrapkey", contentKey);
        return (version, value);
    }

    /// <summary>Unwraps a content key.</summary>
    /// <exception cref="RequestFailedException">The vault refused or could not be reached.</exception>
    /// <exception cref="InvalidOperationException"><paramref name="version"/> is not a version of this key.</exception>
    public byte[] Unwrap(Uri version, ReadOnlySpan<byte> wrapped)
    {
        // The identifier comes out of the blob. Whoever could write there must not be able to have our token sent elsewhere.
        if (!IsVersionOfThisKey(version))
            throw new InvalidOperationException("A stored key names another wrapping key than DataProtection:KeyUri.");
        return Post(version, "unwrapkey", wrapped).Value;
    }

    private bool IsVersionOfThisKey(Uri version)
        => version.IsAbsoluteUri && version.Scheme == _key.Scheme && version.Authority == _key.Authority
        && version.Segments is [_, _, var name, _] && _key.Segments is [_, _, var ours, ..]
        && name.TrimEnd('/') == ours.TrimEnd('/');

    private (Uri Version, byte[] Value) Post(Uri key, string operation, ReadOnlySpan<byte> value)
    {
        using var message = _pipeline.CreateMessage();
        message.Request.Method = RequestMethod.Post;
        message.Request.Uri.Reset(new Uri($"{key.AbsoluteUri.TrimEnd('/')}/{operation}?api-version={ApiVersion}"));
        message.Request.Headers.Add("Content-Type", "application/json");
        message.Request.Headers.Add("Accept", "application/json");
        message.Request.Content = RequestContent.Create(BinaryData.FromString(
            $$"""{"alg":"{{Algorithm}}","value":"{{Base64Url.EncodeToString(value)}}"}"""));
        _pipeline.Send(message, CancellationToken.None);
        if (message.Response.IsError)
            throw new RequestFailedException(message.Response);

        using var answer = JsonDocument.Parse(message.Response.Content);
        return (new(answer.RootElement.GetProperty("kid").GetString()!),
            Base64Url.DecodeFromChars(answer.RootElement.GetProperty("value").GetString()));
    }

    /// <summary>
    /// The audience is the vault's domain, which differs between clouds: <c>https://vault.azure.net/.default</c> in the public one.
    /// </summary>
    private static string Scope(Uri key) => $"https://{key.Host[(key.Host.IndexOf('.', StringComparison.Ordinal) + 1)..]}/.default";
}
