using OmsWorkflows.Local.AppHost.Calls;

namespace OmsWorkflows.Local.AppHost.Demo;

/// <summary>Where everything is while the system runs, and what opens it.</summary>
/// <param name="App">The app, without <c>/api</c>.</param>
/// <param name="Sandbox">The sandbox; its page is at <c>/</c>.</param>
/// <param name="Dashboard">The dashboard with what signs in there; null if it does not run.</param>
/// <param name="Keys">The app's keys.</param>
/// <param name="Key">The sandbox's key.</param>
/// <param name="ApiVersion">The version of OMS's API that is played and called.</param>
/// <param name="Logs">The folder of the logs.</param>
internal sealed record Places(
    string App, string Sandbox, Uri? Dashboard, AppKeys Keys, SandboxKey Key, string ApiVersion, string Logs)
{
    /// <summary>The operators' console.</summary>
    public string Console => $"{App}/api/console";
}
