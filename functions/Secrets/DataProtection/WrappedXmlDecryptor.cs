using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;

namespace OmsWorkflows.Secrets.DataProtection;

/// <summary>Undoes <see cref="WrappedXmlEncryptor"/>. Data Protection makes it by name, from the type stored with the key.</summary>
internal sealed class WrappedXmlDecryptor : IXmlDecryptor
{
    private readonly VaultKey _key;

    public WrappedXmlDecryptor(IServiceProvider services) => _key = services.GetRequiredService<VaultKey>();

    public XElement Decrypt(XElement encryptedElement)
    {
        var sealedXml = WrappedXml.FromElement(encryptedElement);
        var contentKey = _key.Unwrap(sealedXml.KeyVersion, sealedXml.WrappedKey);
        var plaintext = new byte[sealedXml.Ciphertext.Length];
        try
        {
            using var aes = new AesGcm(contentKey, sealedXml.Tag.Length);
            aes.Decrypt(sealedXml.Nonce, sealedXml.Ciphertext, sealedXml.Tag, plaintext);
            return XElement.Parse(Encoding.UTF8.GetString(plaintext));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(contentKey);
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }
}
