namespace DurableTask.Sqlite.Storage;

/// <summary>What a change leaves to be done once it is on disk.</summary>
internal sealed class Effects
{
    /// <summary>Messages and timers that were stored.</summary>
    public List<Delivery> Deliveries { get; } = [];

    /// <summary>Activities to be run.</summary>
    public List<ActivityRow> Activities { get; } = [];

    /// <summary>Instances that are no more.</summary>
    public List<long> Removed { get; } = [];

    /// <summary>Ids of instances that ended, or are no more.</summary>
    public List<string> Changed { get; } = [];

    public void Clear()
    {
        Deliveries.Clear();
        Activities.Clear();
        Removed.Clear();
        Changed.Clear();
    }

    public void Add(Delivery? delivery)
    {
        if (delivery is not null)
        {
            Deliveries.Add(delivery);
        }
    }
}
