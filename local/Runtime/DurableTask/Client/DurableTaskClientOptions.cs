using Microsoft.DurableTask.Converters;

namespace Microsoft.DurableTask.Client;

/// <summary>How a client starts and reads orchestrations.</summary>
public class DurableTaskClientOptions
{
    private DataConverter? _dataConverter;

    /// <summary>Version of orchestrations started without one.</summary>
    public string DefaultVersion { get; set; } = string.Empty;

    /// <summary>Writes inputs and events, reads outputs; <see langword="null"/> sets the JSON converter with default options.</summary>
    public DataConverter DataConverter
    {
        get => _dataConverter ?? JsonDataConverter.Default;
        set => _dataConverter = value;
    }

    /// <summary>Whether durable entities are on. This runtime has none.</summary>
    public bool EnableEntitySupport { get; set; }

    internal bool HasDataConverter => _dataConverter is not null;
}
