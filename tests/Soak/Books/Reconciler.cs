namespace OmsWorkflows.Soak.Books;

/// <summary>Compares all books, to the cent. Whatever it finds is a violation of what the app promises.</summary>
internal static class Reconciler
{
    /// <summary>A journey that ends while its cash is being taken may miss it: the money is kept for an operator then.</summary>
    private static readonly TimeSpan AtTheEnd = TimeSpan.FromSeconds(5);

    public static IReadOnlyList<string> Check(RunBooks books) =>
    [
        .. Ends(books), .. Settlements(books), .. Credits(books), .. Cash(books), .. Effects(books), .. OwnReport(books),
    ];

    /// <summary>Every journey ends, none completes without money, and tills behaved.</summary>
    private static IEnumerable<string> Ends(RunBooks books)
    {
        foreach (var journey in books.Journeys)
        {
            if (!journey.Ended)
                yield return $"{journey.Id} did not end: {journey.Document.ToJsonString()}";
            if (journey.Phase == "Completed" && journey.Document["settlement"] is null)
                yield return $"{journey.Id} is Completed without a settlement";
            if (journey.Phase != "Completed" && journey.Document["settlement"] is not null)
                yield return $"{journey.Id} is {journey.Phase} with a settlement";
            if (journey.Complaint is { } complaint)
                yield return $"{journey.Id}: {complaint}";
        }
    }

    /// <summary>What OMS settled is in the ledger once, with its amount, and nothing else is.</summary>
    private static IEnumerable<string> Settlements(RunBooks books)
    {
        var rows = books.Ledger.ToLookup(row => row.TransactionId);
        foreach (var settlement in books.Oms.Settlements)
        {
            var (id, net, asset) = (settlement.Text("transactionId")!, settlement.Money("net"), settlement.Text("asset"));
            if (rows[id].ToList() is not [var row])
                yield return $"{id} is settled and {rows[id].Count()} times in the ledger";
            else if (row.Net != net || row.Asset != asset)
                yield return $"{id} settled {net} {asset}, the ledger says {row.Net} {row.Asset}";
            else if (!row.IsBooked && !row.IsKept)
                yield return $"{id} is {row.State} in the ledger, and nobody decided that";
        }
        var settled = books.Oms.Settlements.Select(settlement => settlement.Text("transactionId")!).ToHashSet();
        foreach (var row in books.Ledger.Where(row => !settled.Contains(row.TransactionId)))
            yield return $"{row.TransactionId} is in the ledger and was never settled";
    }

    /// <summary>Booked money is its own journey's, and that one says so; kept money came after its journey's end.</summary>
    private static IEnumerable<string> Credits(RunBooks books)
    {
        var owners = books.Oms.Transactions.ToDictionary(transaction => transaction.Text("id")!, transaction => transaction);
        var journeys = books.Journeys.ToDictionary(journey => journey.Id);
        foreach (var row in books.Ledger)
        {
            if (!owners.TryGetValue(row.TransactionId, out var transaction))
                continue;
            if (!journeys.TryGetValue(OmsBooks.Journey(transaction) ?? "", out var journey))
            {
                yield return $"{row.TransactionId} belongs to no journey of this run";
                continue;
            }
            var claimed = journey.Document["settlement"].Text("transactionId");
            if (row.IsBooked
                && (row.JourneyId != journey.Id || claimed != row.TransactionId || journey.Document["settlement"].Money("net") != row.Net))
                yield return $"{row.TransactionId} of {journey.Id} is booked for {row.JourneyId}, "
                    + $"the journey is {journey.Phase} and says {claimed ?? "nothing"}";
            if (row.IsKept && claimed is not null)
                yield return $"{row.TransactionId} is kept, and {journey.Id} is credited all the same";
            if (row.IsKept && transaction.Time("createdAt") < journey.LastSeenAlive - AtTheEnd)
                yield return $"{row.TransactionId} was paid in before {journey.Id} ended as {journey.Phase}, and was not booked";
        }
        var booked = books.Ledger.Where(row => row.IsBooked).Select(row => row.TransactionId).ToHashSet();
        foreach (var journey in books.Journeys)
            if (journey.Document["settlement"].Text("transactionId") is { } id && !booked.Contains(id))
                yield return $"{journey.Id} claims {id}, the ledger does not";
    }

    /// <summary>Cash the tills took is one transaction of that amount, which is over; there is no transaction without cash.</summary>
    private static IEnumerable<string> Cash(RunBooks books)
    {
        var transactions = books.Oms.Transactions.ToLookup(transaction => OmsBooks.Journey(transaction) ?? "");
        foreach (var cash in books.Cash)
        {
            if (transactions[cash.JourneyId].ToList() is not [var transaction])
                yield return $"{cash.JourneyId} paid {cash.Amount} and has {transactions[cash.JourneyId].Count()} transactions";
            else if (transaction["source"].Money("amountGross") != cash.Amount)
                yield return $"{cash.JourneyId} paid {cash.Amount}, its transaction says {transaction["source"].Text("amountGross")}";
            else if (transaction.Text("status") is not ("completed" or "failed"))
                yield return $"{transaction.Text("id")} of {cash.JourneyId} is {transaction.Text("status")} still";
        }
        var paid = books.Cash.Select(cash => cash.JourneyId).ToHashSet();
        foreach (var unpaid in transactions.Where(group => !paid.Contains(group.Key)))
            yield return $"{unpaid.Key} has a transaction, and no till took its cash";
        foreach (var failed in books.Oms.Transactions.Where(transaction => transaction.Text("status") == "failed"))
            if (books.Journeys.FirstOrDefault(journey => journey.Id == OmsBooks.Journey(failed)) is { Phase: "Completed" } journey)
                yield return $"{journey.Id} is Completed, its conversion failed";
    }

    /// <summary>
    /// One effect per idempotency key: a journey has at most one customer, one wallet, one cash-in, and nobody else made any.
    /// </summary>
    private static IEnumerable<string> Effects(RunBooks books)
    {
        var journeys = books.Journeys.ToDictionary(journey => journey.Id);
        var known = books.KnownCustomers.ToHashSet();
        foreach (var made in books.Oms.CashIns.GroupBy(OmsBooks.Journey))
            if (made.Key is null || !journeys.ContainsKey(made.Key) || made.Count() > 1)
                yield return $"{made.Key ?? "nobody"} made {made.Count()} cash-ins";
        foreach (var made in books.Oms.Customers.Where(customer => !known.Contains(customer.Text("id")!)).GroupBy(OmsBooks.Journey))
            if (made.Key is null || !journeys.ContainsKey(made.Key) || made.Count() > 1)
                yield return $"{made.Key ?? "nobody"} made {made.Count()} customers";
        var perCustomer = books.Journeys
            .Where(journey => journey.Plan.KnownCustomer is not null)
            .CountBy(journey => journey.Document.Text("customerId") ?? "")
            .ToDictionary();
        foreach (var customer in books.Oms.Customers)
            if (customer["wallets"]!.AsArray().Count > perCustomer.GetValueOrDefault(customer.Text("id")!, 1))
                yield return $"{customer.Text("id")} has {customer["wallets"]!.AsArray().Count} wallets";
    }

    /// <summary>The app's own report sees the same.</summary>
    private static IEnumerable<string> OwnReport(RunBooks books)
    {
        foreach (var list in (string[])["missing", "mismatched", "unfounded"])
            if (books.Report[list]!.AsArray() is { Count: > 0 } found)
                yield return $"the app's reconciliation lists {found.Count} as {list}: {found.ToJsonString()}";
        var kept = books.Ledger.Where(row => row.IsKept).Select(row => row.TransactionId).ToHashSet();
        if (!kept.SetEquals(books.Report["unclaimed"]!.AsArray().Select(id => id!.GetValue<string>())))
            yield return $"the app's reconciliation lists other settlements as unclaimed than the ledger keeps";
    }
}
