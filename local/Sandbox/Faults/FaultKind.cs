namespace OmsWorkflows.Local.Sandbox.Faults;

/// <summary>What can go wrong on purpose.</summary>
internal enum FaultKind
{
    /// <summary>Call: answer with a status in the error form of OMS. With <c>after</c>, only once the effect is stored.</summary>
    Status,

    /// <summary>Call: answer with the HTML page of a gateway in front of OMS.</summary>
    GatewayPage,

    /// <summary>Call: answer with any bytes under any status.</summary>
    Answer,

    /// <summary>Call: close the connection before anything is done.</summary>
    CutBefore,

    /// <summary>Call: do it, store it, then close the connection without an answer.</summary>
    CutAfter,

    /// <summary>Call: wait before anything is done.</summary>
    SlowAnswer,

    /// <summary>Call: send the headers and some bytes of the answer, then nothing for a while.</summary>
    Stall,

    /// <summary>Call or webhook: change members of what is told.</summary>
    Edit,

    /// <summary>Call or webhook: spoil its bytes or its headers.</summary>
    Garble,

    /// <summary>Webhook: never send it.</summary>
    Drop,

    /// <summary>Webhook: send it more than once, with the same id.</summary>
    Duplicate,

    /// <summary>Webhook: hold it until another one was sent.</summary>
    Reorder,

    /// <summary>Webhook: send it later.</summary>
    Delay,

    /// <summary>Webhook: sign one attempt with a wrong secret.</summary>
    BadSignature,

    /// <summary>Webhook: take a good answer for none, so that it is sent again.</summary>
    LoseAnswer,

    /// <summary>The store refuses the cash at commit; the cash-in fails without a transaction.</summary>
    FailTill,

    /// <summary>The conversion, or payout, fails after the money was taken.</summary>
    FailConversion,

    /// <summary>The conversion, or payout, takes this long instead of the usual time.</summary>
    SlowConversion,

    /// <summary>Compliance holds the next transaction until it is decided by hand.</summary>
    Hold,

    /// <summary>The sending bank takes the next bank deposit back before it settles.</summary>
    ReturnDeposit,
}

/// <summary>Sorts the kinds by when they strike.</summary>
internal static class FaultKinds
{
    private static readonly string[] Call = ["method", "path", "where"];
    private static readonly string[] Webhook = ["event", "customerId", "resourceId", "endpointId", "where"];
    private static readonly string[] Money = ["customerId", "resourceId"];

    /// <summary>Those that put another answer in place of the real one.</summary>
    public static bool Replaces(this FaultKind kind) => kind is FaultKind.Status or FaultKind.GatewayPage or FaultKind.Answer;

    /// <summary>Those that can strike calls as well as webhooks.</summary>
    public static bool IsOfBoth(this FaultKind kind) => kind is FaultKind.Edit or FaultKind.Garble;

    /// <summary>The members a fault of this kind can be matched by.</summary>
    public static IReadOnlyList<string> MatchedBy(this FaultKind kind, bool ofWebhooks) => kind switch
    {
        FaultKind.Edit or FaultKind.Garble when ofWebhooks => Webhook,
        FaultKind.Drop or FaultKind.Duplicate or FaultKind.Reorder or FaultKind.Delay or FaultKind.BadSignature or FaultKind.LoseAnswer
            => Webhook,
        FaultKind.FailTill or FaultKind.FailConversion or FaultKind.SlowConversion or FaultKind.Hold or FaultKind.ReturnDeposit => Money,
        _ => Call,
    };

    /// <summary>Those that strike when it is known what would be told, so that they can be matched by it.</summary>
    public static bool SeesBody(this FaultKind kind, bool after) => kind switch
    {
        FaultKind.Edit or FaultKind.Garble or FaultKind.CutAfter => true,
        FaultKind.Drop or FaultKind.Duplicate or FaultKind.Reorder or FaultKind.Delay or FaultKind.BadSignature or FaultKind.LoseAnswer
            => true,
        FaultKind.Status or FaultKind.GatewayPage or FaultKind.Answer or FaultKind.Stall => after,
        _ => false,
    };
}
