using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace OmsWorkflows.Secrets.DataProtection;

/// <summary>Encrypts a Data Protection key with a fresh AES-256-GCM key, and that with the vault's key.</summary>
internal sealed class WrappedXmlEncryptor(VaultKey key) : IXmlEncryptor
{
    private const int ContentKeyBytes = 32;

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var contentKey = RandomNumberGenerator.GetBytes(ContentKeyBytes);
        var plaintext = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        try
        {
            var (version, wrapped) = key.Wrap(contentKey);
            var nonce = RandomNumberGenerator.GetBytes(AesGcm.NonceByteSizes.MaxSize);
            var tag = new byte[AesGcm.TagByteSizes.MaxSize];
            var ciphertext = new byte[plaintext.Length];
            using var aes = new AesGcm(contentKey, tag.Length);
            aes.Encrypt(nonce, plaintext, ciphertext, tag);
            return new(new WrappedXml(version, wrapped, nonce, tag, ciphertext).ToElement(), typeof(WrappedXmlDecryptor));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(contentKey);
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }
}
