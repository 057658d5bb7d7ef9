namespace OmsWorkflows.Oms;

/// <summary>What OMS answers about one thing.</summary>
internal interface IOmsResource
{
    /// <summary>Opaque id.</summary>
    string Id { get; }

    /// <summary>Why it cannot be believed although each member could be read; <see langword="null"/> when it can.</summary>
    string? Doubt() => null;
}
