using System.Text.Json;
using Azure;
using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.Configuration;

namespace OmsWorkflows.Secrets;

/// <summary>
/// Settings whose values are secrets of a Key Vault. Loading stops the start when a required secret cannot be read; refreshing keeps
/// what is known when the vault cannot be reached. A value that cannot be right is used by neither: the last good one stays, at the start
/// the
/// one before it in the vault.
/// </summary>
internal sealed class KeyVaultSecrets(SecretClient client, SecretForm form) : ConfigurationProvider, IConfigurationSource, IDisposable
{
    /// <summary>How many older versions are looked at for a good one.</summary>
    private const int OlderVersions = 5;

    // A refresh that began before a write must not put the old value back after it.
    private readonly SemaphoreSlim _turn = new(1, 1);

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <summary>Settings whose newest value was not used at the start.</summary>
    public IReadOnlyList<string> RefusedAtStart { get; private set; } = [];

    /// <exception cref="SecretUnavailableException">A required secret does not exist, or the vault refused to give one.</exception>
    public override void Load()
    {
        var refusedValues = new List<string>();
        var loaded = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (setting, required) in SecretSettings.All)
        {
            var name = SecretSettings.VaultName(setting);
            try
            {
                var newest = client.GetSecret(name).Value;
                if (form.Fits(setting, newest.Value))
                {
                    loaded[setting] = newest.Value;
                    continue;
                }

                refusedValues.Add(setting);
                if (OlderGoodOne(setting, name, newest.Properties.Version) is { } older)
                    loaded[setting] = older;
                else if (required)
                    throw new SecretUnavailableException(
                        setting,
                        $"Key Vault {client.VaultUri}: setting '{setting}' is required, and no value of secret '{name}' can be right.");
            }
            catch (SecretUnavailableException)
            {
                throw;
            }
            catch (RequestFailedException e) when (IsAbsent(e))
            {
                if (required)
                    throw Unavailable(setting, name, $"setting '{setting}' is required: store it as secret '{name}'", e);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                throw Unavailable(setting, name, $"setting '{setting}' could not be read from secret '{name}'", e);
            }
        }

        RefusedAtStart = refusedValues;
        Data = loaded;
    }

    /// <summary>
    /// Reads all secrets again. What cannot be read, or cannot be right, keeps its value and is reported; readers are told only of real
    /// changes.
    /// </summary>
    public async Task<SecretRefresh> RefreshAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var fresh = new Dictionary<string, string?>(Data, StringComparer.OrdinalIgnoreCase);
            var failures = new List<SecretRefreshFailure>();
            var refused = new List<string>();
            foreach (var (setting, required) in SecretSettings.All)
            {
                try
                {
                    var secret = await client.GetSecretAsync(SecretSettings.VaultName(setting), cancellationToken: cancellationToken);
                    if (form.Fits(setting, secret.Value.Value))
                        fresh[setting] = secret.Value.Value;
                    else
                        refused.Add(setting);
                }
                catch (RequestFailedException e) when (IsAbsent(e) && !required)
                {
                    fresh.Remove(setting);
                }

                // No network, no token, an attempt that took too long, a refusal: all temporary. The app lives on with what it knows.
                catch (Exception e) when (!cancellationToken.IsCancellationRequested)
                {
                    failures.Add(new(setting, (e as RequestFailedException)?.Status ?? 0, e));
                }
            }

            string[] changed = [.. SecretSettings.All.Select(secret => secret.Setting).Where(setting => Differs(setting, fresh))];
            if (changed.Length > 0)
                Apply(fresh);
            return new(changed, failures, refused);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Runs a write to the vault and shows its result to readers at once; <c>null</c> removes the setting.</summary>
    public async Task WriteAsync(string setting, string? value, Func<SecretClient, string, Task> write, CancellationToken cancellationToken)
    {
        var name = SecretSettings.VaultName(setting);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await write(client, name);
            var fresh = new Dictionary<string, string?>(Data, StringComparer.OrdinalIgnoreCase);
            if (value is null)
                fresh.Remove(setting);
            else
                fresh[setting] = value;
            Apply(fresh);
        }
        catch (RequestFailedException e)
        {
            throw Unavailable(setting, name, $"setting '{setting}' could not be written to secret '{name}'", e);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Not there, or there but disabled: the vault answers 403 for the latter, as it does for a missing right.</summary>
    internal static bool IsAbsent(RequestFailedException refused)
        => refused.Status == 404 || (refused.Status == 403 && InnerCode(refused) == "SecretDisabled");

    public void Dispose() => _turn.Dispose();

    /// <summary>The newest of the versions before that can be right.</summary>
    private string? OlderGoodOne(string setting, string name, string newest) => client.GetPropertiesOfSecretVersions(name)
        .Where(version => version.Version != newest && version.Enabled != false)
        .OrderByDescending(version => version.CreatedOn)
        .Take(OlderVersions)
        .Select(version => client.GetSecret(name, version.Version).Value.Value)
        .FirstOrDefault(value => form.Fits(setting, value));

    private void Apply(Dictionary<string, string?> data)
    {
        Data = data;
        OnReload();
    }

    private bool Differs(string setting, Dictionary<string, string?> fresh)
        => Data.TryGetValue(setting, out var old) != fresh.TryGetValue(setting, out var now)
            || !string.Equals(old, now, StringComparison.Ordinal);

    private SecretUnavailableException Unavailable(string setting, string name, string what, Exception failure)
    {
        var answer = failure is RequestFailedException { Status: > 0 } refused
            ? $"status {refused.Status}, {refused.ErrorCode}"
            : "no answer";
        return new(setting, $"Key Vault {client.VaultUri} ({answer}): {what}.", failure);
    }

    private static string? InnerCode(RequestFailedException refused)
    {
        if (refused.GetRawResponse()?.Content is not { } content)
            return null;
        try
        {
            using var body = JsonDocument.Parse(content);
            return Member(Member(Member(body.RootElement, "error"), "innererror"), "code") is { ValueKind: JsonValueKind.String } code
                ? code.GetString()
                : null;
        }
        catch (JsonException)
        {
            // A gateway's page instead of the vault's answer: then it is a plain 403.
            return null;
        }
    }

    private static JsonElement? Member(JsonElement? parent, string name)
    {
        if (parent is not { ValueKind: JsonValueKind.Object } element)
            return null;
        // The vault spells it innererror or innerError, depending on its version.
        foreach (var member in element.EnumerateObject())
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return member.Value;
        return null;
    }
}

/// <summary>What a round of refreshing did; <c>Refused</c> are the settings whose value in the vault cannot be right.</summary>
internal sealed record SecretRefresh(IReadOnlyList<string> Changed, IReadOnlyList<SecretRefreshFailure> Failures,
    IReadOnlyList<string> Refused);

/// <summary>A secret that could not be read again; the status is 0 when there was no answer.</summary>
internal sealed record SecretRefreshFailure(string Setting, int Status, Exception Cause);
