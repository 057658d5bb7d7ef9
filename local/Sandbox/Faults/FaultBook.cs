using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Time;

namespace OmsWorkflows.Local.Sandbox.Faults;

/// <summary>
/// The faults in force. Rules are asked in the order they were entered; each has its own dice, so one rule does not disturb another.
/// </summary>
internal sealed class FaultBook(SandboxClock clock) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];
    private int _count;

    public string Add(FaultRule rule)
    {
        lock (_gate)
        {
            var entry = new Entry(rule with { Id = $"flt_{++_count}" }, clock.Now);
            _entries.Add(entry);
            return entry.Rule.Id;
        }
    }

    /// <summary>The first fault of this kind that strikes, used up once.</summary>
    public FaultRule? Take(FaultKind kind, FaultSubject subject) => Take(rule => rule.Fault == kind, subject);

    /// <summary>The first fault of this sort that strikes, used up once.</summary>
    public FaultRule? Take(Func<FaultRule, bool> sort, FaultSubject subject)
    {
        lock (_gate)
            return _entries.FirstOrDefault(entry => sort(entry.Rule) && entry.Strikes(subject, clock.Now))?.Rule;
    }

    /// <summary>All faults of this sort that strike, each used up once.</summary>
    public IReadOnlyList<FaultRule> TakeAll(Func<FaultRule, bool> sort, FaultSubject subject)
    {
        lock (_gate)
            return [.. _entries.Where(entry => sort(entry.Rule) && entry.Strikes(subject, clock.Now)).Select(entry => entry.Rule)];
    }

    public IReadOnlyList<FaultState> List()
    {
        lock (_gate)
            return [.. _entries.Select(entry => entry.State(clock.Now))];
    }

    public bool Remove(string id) => End(entry => entry.Rule.Id == id) > 0;

    public void Clear() => End(_ => true);

    public void Dispose() => Clear();

    private int End(Predicate<Entry> which)
    {
        List<Entry> ended;
        lock (_gate)
        {
            ended = _entries.FindAll(which);
            _entries.RemoveAll(which);
        }
        // Not under the lock: who waited may go on right here.
        ended.ForEach(entry => entry.Dispose());
        return ended.Count;
    }

    private sealed class Entry : IDisposable
    {
        private readonly CancellationTokenSource _takenBack = new();
        private readonly DateTimeOffset _since;
        private readonly Random _dice;
        private int _matched;
        private int _struck;

        public Entry(FaultRule rule, DateTimeOffset since)
        {
            Rule = rule with { TakenBack = _takenBack.Token };
            _since = since;
            _dice = new Random(rule.Seed);
        }

        public FaultRule Rule { get; }

        public bool Strikes(FaultSubject subject, DateTimeOffset now)
        {
            if (IsOver(now) || !Rule.Match.Covers(subject) || !HasSomethingToEdit(subject))
                return false;
            _matched++;
            if (_matched <= Rule.Skip || (Rule.Probability < 1 && _dice.NextDouble() >= Rule.Probability))
                return false;
            _struck++;
            return true;
        }

        public FaultState State(DateTimeOffset now) => new(Rule.Id, Rule.Entered, _matched, _struck, !IsOver(now));

        /// <summary>Who waits because of it goes on.</summary>
        public void Dispose()
        {
            _takenBack.Cancel();
            _takenBack.Dispose();
        }

        /// <summary>An edit is not used up by an answer that has none of its members.</summary>
        private bool HasSomethingToEdit(FaultSubject subject)
            => Rule.Edits.Count == 0 || Rule.Edits.Any(edit => edit.AppliesTo(subject.Body));

        private bool IsOver(DateTimeOffset now) => _struck >= Rule.Times || now >= _since + Rule.Lasts;
    }
}

/// <summary>A fault as it was entered, and what became of it.</summary>
internal sealed record FaultState(string Id, RawJson Rule, int Matched, int Struck, bool InForce);
