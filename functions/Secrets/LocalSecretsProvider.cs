using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Secrets;

/// <summary>
/// Reads the file of secrets. When it is changed to something that cannot be read, the last good secrets stay in use, as those of the vault
/// do: without, a slip of the pen in one line would take all of them away, without a word.
/// </summary>
internal sealed class LocalSecretsProvider(JsonConfigurationSource source) : JsonConfigurationProvider(source)
{
    private bool _isGood;

    /// <summary>Told when the file cannot be read any more.</summary>
    public Action? Refused { get; set; }

    public override void Load(Stream stream)
    {
        try
        {
            base.Load(stream);
            _isGood = true;
        }
        catch (FormatException) when (_isGood)
        {
            // What it is about may stand in the exception: it quotes the file.
            Refused?.Invoke();
        }
    }
}

/// <summary>Says so in the log.</summary>
internal sealed class LocalSecretsNotice(LocalSecretsProvider provider, string path, ILogger<LocalSecretsNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        provider.Refused = () => logger.SecretsFileRefused(path);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
