namespace OmsWorkflows.Soak.Plans;

/// <summary>Makes up who comes and what they do, from the seed alone.</summary>
internal static class Planner
{
    /// <summary>OMS lets one customer pay in three times a day (docs/oms-api.md 7.4).</summary>
    private const int JourneysPerKnownCustomer = 3;

    private static readonly (Review Review, int Weight)[] Reviews =
    [
        (Review.Approved, 76), (Review.Slow, 8), (Review.IssuesSupplied, 8),
        (Review.IssuesIgnored, 2), (Review.Rejected, 4), (Review.Undecided, 2),
    ];

    private static readonly (Payment Payment, int Weight)[] Payments =
    [
        (Payment.FirstCode, 46), (Payment.TwoPayers, 8), (Payment.AfterRefresh, 10), (Payment.CommittedLate, 8), (Payment.AfterRevival, 6),
        (Payment.AfterTheEnd, 5), (Payment.AfterCancel, 5), (Payment.CancelledUnpaid, 4), (Payment.Never, 8),
    ];

    public static IReadOnlyList<JourneyPlan> Make(SoakOptions options)
    {
        var random = new Random(options.Seed);
        var known = 0;
        return [.. Enumerable.Range(0, options.Journeys).Select(number
            => Make(number, random.NextDouble() < 0.35 ? known++ / JourneysPerKnownCustomer : null, options, random))];
    }

    private static JourneyPlan Make(int number, int? knownCustomer, SoakOptions options, Random random)
    {
        var review = knownCustomer is null ? Pick(Reviews, random) : Review.Approved;
        var payment = Pick(Payments, random);
        if (payment == Payment.AfterTheEnd && !options.CashAfterTheEnd)
            payment = Payment.CommittedLate;
        // Within the limits of one deposit, and of three on a day (docs/oms-api.md 7.4).
        var amount = random.Next(20_00, 480_00) / 100m;
        var patience = random.NextDouble() * options.Pace.LongestPatience;
        return new JourneyPlan(number, knownCustomer, review, payment, amount, patience, random.NextDouble() < 0.1);
    }

    private static T Pick<T>((T Value, int Weight)[] among, Random random)
    {
        var left = random.Next(among.Sum(entry => entry.Weight));
        foreach (var (value, weight) in among)
        {
            if (left < weight)
                return value;
            left -= weight;
        }
        throw new InvalidOperationException("The weights do not add up.");
    }
}
