namespace OmsWorkflows.Local.AppHost.Calls;

/// <summary>An API key of the sandbox, made for one run.</summary>
internal sealed record SandboxKey(string ApiKey, string ApiSecret)
{
    public static SandboxKey New() => new($"sk_sdbx_{Guid.NewGuid():N}", $"{Guid.NewGuid():N}");
}
