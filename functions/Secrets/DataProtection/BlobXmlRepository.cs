using System.Xml.Linq;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace OmsWorkflows.Secrets.DataProtection;

/// <summary>
/// The key ring as one XML blob that all instances share. A key is added on the condition that nobody else wrote since it was read. Of
/// instances that make the first key at the same moment only the first one's is kept: the framework reads the ring again after it made a
/// key
/// and uses what it finds there, and two first keys would leave each instance with ciphertexts the others cannot read for a day
/// (docs/decisions/0007-data-protection-keys.md).
/// </summary>
internal sealed class BlobXmlRepository(BlobClient blob) : IXmlRepository
{
    private const string RootName = "repository";
    private const int MaxAttempts = 10;

    private volatile bool _hadNoKey;

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        XElement[] elements = [.. Read().Root.Elements()];
        _hadNoKey = !elements.Any(IsKey);
        return elements;
    }

    /// <exception cref="RequestFailedException">The blob could not be written, or was written by others at every attempt (412).</exception>
    public void StoreElement(XElement element, string friendlyName)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (root, etag) = Read();
            if (IsKey(element) && _hadNoKey && root.Elements().Any(IsKey))
                return;
            root.Add(element);
            try
            {
                blob.Upload(BinaryData.FromString(root.ToString(SaveOptions.DisableFormatting)), new BlobUploadOptions
                {
                    Conditions = etag is { } seen ? new() { IfMatch = seen } : new() { IfNoneMatch = ETag.All },
                    HttpHeaders = new() { ContentType = "application/xml; charset=utf-8" },
                });
                return;
            }
            catch (RequestFailedException e) when (e.Status is 409 or 412 && attempt < MaxAttempts)
            {
                // Somebody else wrote in between: read theirs and add ours to it.
            }
        }
    }

    private static bool IsKey(XElement element) => element.Name == "key";

    private (XElement Root, ETag? Seen) Read()
    {
        try
        {
            var content = blob.DownloadContent().Value;
            return (XElement.Parse(content.Content.ToString()), content.Details.ETag);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return (new(RootName), null);
        }
    }
}
