using System.Reflection;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Moq;
using OmsWorkflows.Functions.Tests.Instances;
using OmsWorkflows.Secrets.DataProtection;

namespace OmsWorkflows.Functions.Tests.Secrets;

/// <summary>
/// Instances that start together on an empty key ring read each other's data, in every order of their reads and writes, also after the two
/// minutes in which the framework looks for keys it does not know (docs/decisions/0007-data-protection-keys.md).
/// </summary>
public sealed class FirstKeyTests(ITestOutputHelper output)
{
    private Ring _ring = new();
    private Interleaving _interleaving = new(_ => 0);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Instances_that_make_their_first_key_at_once_read_each_others_data(int instances)
    {
        var wrong = new List<string>();
        var schedules = await Schedules.AllAsync(
            choose => StartAsync(instances, choose, wrong), int.MaxValue, () => $"{_interleaving.Progress} {_ring.State}");

        output.WriteLine($"every order of {instances} instances, in {schedules} schedules");
        wrong.Should().BeEmpty();
    }

    private async Task StartAsync(int count, Func<int, int> choose, List<string> wrong)
    {
        var ring = _ring = new Ring();
        ServiceProvider[] instances = [.. Enumerable.Range(0, count).Select(instance => Instance(ring, instance))];
        var ciphertexts = new string[count];
        var interleaving = _interleaving = new Interleaving(choose);
        for (var i = 0; i < count; i++)
        {
            var instance = i;
            interleaving.Add($"{instance}", () =>
            {
                ciphertexts[instance] = Protector(instances[instance]).Protect("Ada Lovelace");
                return Task.CompletedTask;
            });
        }

        foreach (var failure in await interleaving.RunAsync())
            wrong.Add($"{interleaving.Schedule}: {failure}");
        foreach (var reader in instances)
            EndSearchForUnknownKeys(reader);
        foreach (var reader in instances)
            foreach (var ciphertext in ciphertexts)
                Read(reader, ciphertext);
        foreach (var instance in instances)
            await instance.DisposeAsync();

        void Read(ServiceProvider reader, string ciphertext)
        {
            try
            {
                Protector(reader).Unprotect(ciphertext);
            }
            catch (System.Security.Cryptography.CryptographicException e)
            {
                wrong.Add($"{interleaving.Schedule}: {e.Message}");
            }
        }
    }

    private static ServiceProvider Instance(Ring ring, int instance)
    {
        var services = new ServiceCollection();
        services.AddDataProtection().SetApplicationName("test");
        services.Configure<KeyManagementOptions>(options => options.XmlRepository = new BlobXmlRepository(new GatedBlob(ring, instance)));
        var provider = services.BuildServiceProvider();
        return provider;
    }

    /// <summary>As two minutes later: from then on the framework does not read the ring again for a key it does not know.</summary>
    private static void EndSearchForUnknownKeys(ServiceProvider instance)
    {
        const BindingFlags any = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
        var contract = typeof(IKeyManager).Assembly.GetType("Microsoft.AspNetCore.DataProtection.KeyManagement.Internal.IKeyRingProvider")!;
        var ringProvider = instance.GetRequiredService(contract);
        ringProvider.GetType().GetProperty("AutoRefreshWindowEnd", any)!.SetValue(ringProvider, DateTime.UtcNow.AddMinutes(-1));
    }

    private static IDataProtector Protector(ServiceProvider services)
        => services.GetRequiredService<IDataProtectionProvider>().CreateProtector("applicant");

    private sealed class Ring
    {
        public string? Content { get; set; }

        public int Version { get; set; }

        /// <summary>
        /// What each instance has seen and done so far. Two orders that differ in nothing of it differ only in steps that do not
        /// matter to each
        /// other, such as two reads of the same content.
        /// </summary>
        public string State
        {
            get
            {
                lock (Seen)
                    return string.Join(' ', Seen.Select(each => $"{each.Key}:{each.Value}"));
            }
        }

        public SortedDictionary<int, string> Seen { get; } = [];

        /// <summary>Notes a step of an instance, with what came of it.</summary>
        public void Note(int instance, string step)
        {
            lock (Seen)
                Seen[instance] = $"{Seen.GetValueOrDefault(instance)}{step}";
        }
    }

    /// <summary>The blob, with a stop before each call.</summary>
    private sealed class GatedBlob(Ring ring, int instance) : BlobClient
    {
        public override Response<BlobDownloadResult> DownloadContent()
        {
            Interleaving.PassAsync().GetAwaiter().GetResult();
            lock (ring)
            {
                ring.Note(instance, $"r{ring.Version}");
                if (ring.Content is null)
                    throw new RequestFailedException(404, "BlobNotFound");
                var details = BlobsModelFactory.BlobDownloadDetails(eTag: Tag(ring));
                return Response.FromValue(
                    BlobsModelFactory.BlobDownloadResult(BinaryData.FromString(ring.Content), details), Mock.Of<Response>());
            }
        }

        public override Response<BlobContentInfo> Upload(
            BinaryData content, BlobUploadOptions options, CancellationToken cancellationToken = default)
        {
            Interleaving.PassAsync().GetAwaiter().GetResult();
            lock (ring)
            {
                var isAsSeen = options.Conditions.IfMatch is { } seen ? seen == Tag(ring) : ring.Content is null;
                ring.Note(instance, isAsSeen ? $"w{ring.Version + 1}" : "lost");
                if (!isAsSeen)
                    throw new RequestFailedException(412, "ConditionNotMet");
                ring.Content = content.ToString();
                ring.Version++;
                return Mock.Of<Response<BlobContentInfo>>();
            }
        }

        private static ETag Tag(Ring ring) => new($"\"{ring.Version}\"");
    }
}
