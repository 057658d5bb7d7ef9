namespace OmsWorkflows.Local.Sandbox.Faults;

/// <summary>The faults in force. Rules are asked in the order they were entered; each has its own dice, so one rule does not disturb another.</summary>
internal sealed class FaultBook
{
    private readonly Lock gate = new();
    private readonly List<Entry> entries = [];
    private int count;

    public string Add(Func<string, FaultRule> make)
    {
        lock (gate)
        {
            var rule = make($"flt_{++count}");
            entries.Add(new Entry(rule));
            return rule.Id;
        }
    }

    /// <summary>The first fault of this kind that strikes, used up once.</summary>
    public FaultRule? Take(FaultKind kind, FaultSubject subject)
    {
        lock (gate)
        {
            foreach (var entry in entries)
                if (entry.Rule.Fault == kind && entry.Strikes(subject))
                    return entry.Rule;
            return null;
        }
    }

    public IReadOnlyList<FaultState> List()
    {
        lock (gate)
            return [.. entries.Select(entry => new FaultState(entry.Rule, entry.Matched, entry.Struck))];
    }

    public bool Remove(string id)
    {
        lock (gate)
            return entries.RemoveAll(entry => entry.Rule.Id == id) > 0;
    }

    public void Clear()
    {
        lock (gate)
            entries.Clear();
    }

    private sealed class Entry(FaultRule rule)
    {
        private readonly Random dice = new(rule.Seed);

        public FaultRule Rule => rule;

        public int Matched { get; private set; }

        public int Struck { get; private set; }

        public bool Strikes(FaultSubject subject)
        {
            if (Struck >= rule.Times || !rule.Match.Covers(subject))
                return false;
            Matched++;
            if (rule.Probability < 1 && dice.NextDouble() >= rule.Probability)
                return false;
            Struck++;
            return true;
        }
    }
}

/// <summary>A fault and what became of it.</summary>
internal sealed record FaultState(FaultRule Rule, int Matched, int Struck);
