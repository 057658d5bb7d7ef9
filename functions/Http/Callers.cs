namespace OmsWorkflows.Http;

/// <summary>Who may call a function, once a caller has signed in (docs/security.md).</summary>
[Flags]
public enum Callers
{
    /// <summary>Anyone, without a name: what is signed by OMS, and what holds no data.</summary>
    Anyone = 0,

    /// <summary>Role <c>Caller</c>: a back end that starts journeys for its customers.</summary>
    Caller = 1,

    /// <summary>Role <c>Operator</c>: who decides about money, dead letters and the subscription.</summary>
    Operator = 2,

    /// <summary>Either role.</summary>
    CallerOrOperator = Caller | Operator,
}
