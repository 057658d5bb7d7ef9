namespace OmsWorkflows.Webhooks;

/// <summary>What became of a delivery; in logs, and a dimension of the metric <c>oms_workflows.webhooks</c>.</summary>
internal enum WebhookVerdict
{
    /// <summary>Stored, and raised at the journeys that listen.</summary>
    Accepted = 0,

    /// <summary>Stored before.</summary>
    Duplicate,

    /// <summary>More bytes than are read.</summary>
    TooLarge,

    /// <summary>The body broke off.</summary>
    Incomplete,

    /// <summary>No signing secret is set up.</summary>
    NoSecret,

    /// <summary>Not signed.</summary>
    SignatureMissing,

    /// <summary>Several signature headers.</summary>
    SignatureRepeated,

    /// <summary>A signature header of another form.</summary>
    SignatureMalformed,

    /// <summary>Signed too long ago.</summary>
    SignatureTooOld,

    /// <summary>Signed in the future.</summary>
    SignatureTooNew,

    /// <summary>Signed with no secret in use.</summary>
    SignatureMismatch,

    /// <summary>Signed by OMS and stored, but not understood: no name, or no JSON.</summary>
    NotUnderstood,

    /// <summary>The tables or the engine did not take it; OMS sends it again.</summary>
    StoreUnavailable,
}
