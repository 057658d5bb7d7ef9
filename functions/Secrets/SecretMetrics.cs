using System.Diagnostics.Metrics;
using OmsWorkflows.Telemetry;

namespace OmsWorkflows.Secrets;

/// <summary>Counts secrets of the vault that cannot be right, by setting; each once a look.</summary>
internal sealed class SecretMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _refused = meters.Create(AppTelemetry.Name)
        .CreateCounter<long>("oms_workflows.secrets.refused", "{secret}", "Secrets in the vault that cannot be right, and are not used");

    public void Refused(string setting) => _refused.Add(1, new KeyValuePair<string, object?>("setting", setting));
}
