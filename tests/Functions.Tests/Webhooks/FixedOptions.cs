using Microsoft.Extensions.Options;

namespace OmsWorkflows.Functions.Tests.Webhooks;

/// <summary>Options that are what they are.</summary>
internal sealed class FixedOptions<T>(T options) : IOptionsMonitor<T>
{
    public T CurrentValue => options;

    public T Get(string? name) => options;

    public IDisposable? OnChange(Action<T, string?> listener) => null;
}
