namespace OmsWorkflows.Local.FunctionsHost.Settings;

/// <summary>What the command line or the environment says about the host itself.</summary>
internal sealed record StartOptions
{
    /// <summary>The port of the host on this machine unless told otherwise; the one Functions developers know.</summary>
    public const int DefaultPort = 7071;

    /// <summary>The app's publish or build output.</summary>
    public required string App { get; init; }

    /// <summary>The port to listen on, 0 for any free one. If not given, that of local.settings.json, else 7071.</summary>
    public int? Port { get; init; }

    /// <summary>The address to listen on.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>The file that keeps orchestrations with the provider <c>sqlite</c>.</summary>
    public required string Database { get; init; }

    /// <summary>The file with the keys; made if it is not there.</summary>
    public required string Keys { get; init; }

    /// <summary>How long running functions may go on when the host is asked to stop.</summary>
    public required TimeSpan Grace { get; init; }

    /// <summary>Logs as one JSON object per line.</summary>
    public bool JsonLogs { get; init; }
}
