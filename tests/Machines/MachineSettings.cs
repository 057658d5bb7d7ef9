using OmsWorkflows.Local.AppHost;

namespace OmsWorkflows.Machines;

/// <summary>How a machine differs from the defaults.</summary>
internal sealed record MachineSettings
{
    /// <summary>Settings of the sandbox, such as <c>Sandbox:CodeLifetime</c>.</summary>
    public IReadOnlyDictionary<string, string> Sandbox { get; init; } = new Dictionary<string, string>();

    /// <summary>Settings of the app.</summary>
    public IReadOnlyDictionary<string, string> App { get; init; } = new Dictionary<string, string>();

    /// <summary>The version of OMS's API that the sandbox plays and the app calls.</summary>
    public string ApiVersion { get; init; } = "v0.9";

    /// <summary>What keeps orchestrations.</summary>
    public Store Store { get; init; }

    /// <summary>Whether deliveries are asked for; without, polling has to find everything out.</summary>
    public bool RegisterWebhook { get; init; } = true;

    internal IReadOnlyDictionary<string, string> SandboxWithVersion
        => new Dictionary<string, string>(Sandbox) { ["Sandbox:ApiVersion"] = ApiVersion };

    internal IReadOnlyDictionary<string, string> AppWithVersion => new Dictionary<string, string>(App) { ["Oms:ApiVersion"] = ApiVersion };
}
