using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Secrets;

/// <summary>
/// Secrets of a single machine in a JSON file that only its owner can read: <c>{ "Webhooks:CurrentSecret": "…" }</c>. Edits by hand are
/// picked up as well.
/// </summary>
internal sealed class LocalSecretsFile(string path, JsonConfigurationProvider provider, ILogger<LocalSecretsFile> logger)
    : ISecretStore, IDisposable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly SemaphoreSlim _turn = new(1, 1);

    public async Task SetAsync(string settingName, string value, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        await ChangeAsync(settingName, content => content[settingName] = value, cancellationToken);
        logger.SecretStored(settingName);
    }

    public async Task RemoveAsync(string settingName, CancellationToken cancellationToken)
    {
        await ChangeAsync(settingName, _ => { }, cancellationToken);
        logger.SecretRemoved(settingName);
    }

    public void Dispose() => _turn.Dispose();

    private async Task ChangeAsync(string settingName, Action<JsonObject> change, CancellationToken cancellationToken)
    {
        _ = SecretSettings.VaultName(settingName);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var content = await ReadAsync(cancellationToken);
            Forget(content, settingName);
            change(content);
            await ReplaceAsync(content, cancellationToken);
            provider.Load();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new SecretUnavailableException(settingName, $"Setting '{settingName}' could not be written to {path}.", e);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<JsonObject> ReadAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            return [];
        await using var file = File.OpenRead(path);
        return await JsonSerializer.DeserializeAsync<JsonObject>(file, cancellationToken: cancellationToken) ?? [];
    }

    /// <summary>The setting may stand there flat or in a section; configuration knows no difference, and refuses both at once.</summary>
    private static void Forget(JsonObject content, string settingName)
    {
        foreach (var name in content.Select(member => member.Key).ToArray())
        {
            if (name.Equals(settingName, StringComparison.OrdinalIgnoreCase))
                content.Remove(name);
            else if (content[name] is JsonObject section && settingName.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
                Forget(section, settingName[(name.Length + 1)..]);
        }
    }

    /// <summary>A new file takes the old one's place in one step, so that neither a crash nor a reader meets half of it.</summary>
    private async Task ReplaceAsync(JsonObject content, CancellationToken cancellationToken)
    {
        var temporary = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            var create = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
                create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            await using (var file = new FileStream(temporary, create))
            {
                await JsonSerializer.SerializeAsync(file, content, Indented, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
