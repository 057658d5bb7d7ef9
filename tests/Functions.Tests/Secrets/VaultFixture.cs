using Azure.Core;
using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Secrets;

namespace OmsWorkflows.Functions.Tests.Secrets;

/// <summary>Hosts that read their secrets from a <see cref="VaultServer"/> through the real client.</summary>
internal static class VaultFixture
{
    public static SecretClient Client(this VaultServer server, TestCredential? credential = null)
        => new(server.Address, credential ?? new(), new SecretClientOptions
        {
            Transport = server.Transport,
            // The challenge names the vault's domain, which this machine's name is not part of.
            DisableChallengeResourceVerification = true,
            Retry = { Delay = TimeSpan.FromMilliseconds(5), MaxDelay = TimeSpan.FromMilliseconds(20), MaxRetries = 2 },
        });

    /// <summary>What secrets have to look like with these settings.</summary>
    public static SecretForm Form(string? keyMode = null)
        => new(new ConfigurationBuilder().AddInMemoryCollection([new("Webhooks:KeyMode", keyMode)]).Build());

    public static IHost BuildHost(this VaultServer server, TimeProvider? clock = null, ILoggerProvider? logs = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { DisableDefaults = true });
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        if (logs is not null)
            builder.Logging.AddProvider(logs);
        builder.AddVault(server.Client(), new SecretsOptions());
        return builder.Build();
    }

    public static void SeedRequired(this VaultServer server)
    {
        server.Secrets.Set("Oms--ApiKey", "key-1");
        server.Secrets.Set("Oms--ApiSecret", "secret-1");
    }

    /// <summary>Completes when the configuration is loaded anew.</summary>
    public static Task NextReload(this IConfiguration configuration)
    {
        var reloaded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IDisposable? registration = null;
        registration = ChangeToken.OnChange(configuration.GetReloadToken, () =>
        {
            reloaded.TrySetResult();
            registration?.Dispose();
        });
        return reloaded.Task.WaitAsync(Limits.Wait);
    }
}

/// <summary>Gives a token for whatever it is asked, and remembers for what.</summary>
internal sealed class TestCredential : TokenCredential
{
    public List<string> Scopes { get; } = [];

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        lock (Scopes)
            Scopes.AddRange(requestContext.Scopes);
        return new("token", DateTimeOffset.MaxValue);
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
        => new(GetToken(requestContext, cancellationToken));
}

/// <summary>A clock that says when somebody began to wait on it, so that it is not moved too early.</summary>
internal sealed class WatchedClock : FakeTimeProvider
{
    private readonly TaskCompletionSource _timer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task TimerCreated => _timer.Task.WaitAsync(Limits.Wait);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timer.TrySetResult();
        return timer;
    }
}

/// <summary>Keeps log events by id, and signals each.</summary>
internal sealed class CollectedLogs : ILoggerProvider, ILogger
{
    private readonly Dictionary<int, TaskCompletionSource<string>> _events = [];

    public Task<string> Event(int id) => Slot(id).Task.WaitAsync(Limits.Wait);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => Slot(eventId.Id).TrySetResult(formatter(state, exception));

    public void Dispose()
    {
    }

    private TaskCompletionSource<string> Slot(int id)
    {
        lock (_events)
            return _events.TryGetValue(id, out var slot) ? slot : _events[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
