using System.Security.Cryptography;
using System.Xml.Linq;

namespace OmsWorkflows.Secrets.DataProtection;

/// <summary>How an encrypted key is written down.</summary>
internal sealed record WrappedXml(Uri KeyVersion, byte[] WrappedKey, byte[] Nonce, byte[] Tag, byte[] Ciphertext)
{
    // The tag's length is fixed here: GCM accepts shorter ones, which are easier to forge.
    private const int TagBytes = 16;

    public XElement ToElement() => new("wrappedKey",
        new XElement("keyVersion", KeyVersion),
        new XElement("contentKey", Convert.ToBase64String(WrappedKey)),
        new XElement("nonce", Convert.ToBase64String(Nonce)),
        new XElement("tag", Convert.ToBase64String(Tag)),
        new XElement("ciphertext", Convert.ToBase64String(Ciphertext)));

    /// <exception cref="CryptographicException">The element was not written by <see cref="ToElement"/>.</exception>
    public static WrappedXml FromElement(XElement element)
    {
        var tag = Bytes("tag");
        if (tag.Length != TagBytes)
            throw new CryptographicException("A stored key is damaged: tag.");
        return Uri.TryCreate(element.Element("keyVersion")?.Value, UriKind.Absolute, out var version)
            ? new(version, Bytes("contentKey"), Bytes("nonce"), tag, Bytes("ciphertext"))
            : throw new CryptographicException("A stored key is damaged: keyVersion.");

        byte[] Bytes(string name) => Convert.FromBase64String(
            element.Element(name)?.Value ?? throw new CryptographicException($"A stored key is damaged: {name}."));
    }
}
