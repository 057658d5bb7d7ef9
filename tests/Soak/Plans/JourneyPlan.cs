namespace OmsWorkflows.Soak.Plans;

/// <summary>What one person does, made up before the run.</summary>
/// <param name="Number">Its place in the run.</param>
/// <param name="KnownCustomer">Which of the customers OMS knows already it is; null for a new applicant.</param>
/// <param name="Review">How OMS reviews a new applicant.</param>
/// <param name="Payment">What becomes of the deposit code.</param>
/// <param name="Amount">Cash in USD.</param>
/// <param name="Patience">By how much what is late is late.</param>
/// <param name="StartedTwice">Whether the caller sends its request twice at the same time.</param>
internal sealed record JourneyPlan(
    int Number, int? KnownCustomer, Review Review, Payment Payment, decimal Amount, TimeSpan Patience, bool StartedTwice);

/// <summary>How OMS reviews an applicant.</summary>
internal enum Review
{
    Approved,

    /// <summary>Approved some seconds later.</summary>
    Slow,

    /// <summary>OMS asks for more and gets it.</summary>
    IssuesSupplied,

    /// <summary>OMS asks for more and gets nothing.</summary>
    IssuesIgnored,

    Rejected,

    /// <summary>OMS never decides.</summary>
    Undecided,
}

/// <summary>What a person does with a deposit code.</summary>
internal enum Payment
{
    /// <summary>Pays as soon as there is one.</summary>
    FirstCode,

    /// <summary>Two people pay with the same code at the same time.</summary>
    TwoPayers,

    /// <summary>Comes too late, is sent away, and pays the refreshed code.</summary>
    AfterRefresh,

    /// <summary>The till scans in time and commits after the code ran out.</summary>
    CommittedLate,

    /// <summary>Lets every round run out, asks for a new code, pays it.</summary>
    AfterRevival,

    /// <summary>The till scans in time and commits when the journey is over.</summary>
    AfterTheEnd,

    /// <summary>Cancels, and pays the code all the same while it is good.</summary>
    AfterCancel,

    /// <summary>Cancels.</summary>
    CancelledUnpaid,

    /// <summary>Never comes.</summary>
    Never,
}
