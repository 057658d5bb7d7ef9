using DurableTask.Sqlite.Extension;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Azure.WebJobs.Hosting;
using Microsoft.Extensions.DependencyInjection;

[assembly: WebJobsStartup(typeof(SqliteProviderStartup))]

namespace DurableTask.Sqlite.Extension;

/// <summary>Makes the provider known to a Functions host, which takes it when <c>storageProvider.type</c> is <c>sqlite</c>.</summary>
public sealed class SqliteProviderStartup : IWebJobsStartup
{
    /// <inheritdoc/>
    public void Configure(IWebJobsBuilder builder)
        => builder.Services.AddSingleton<IDurabilityProviderFactory, SqliteDurabilityProviderFactory>();
}
