namespace OmsWorkflows.Functions.Tests.Instances;

/// <summary>
/// Runs actors one step at a time in an order that is chosen, not met with: each stops before every call of the tables or of OMS, and
/// whoever is
/// chosen goes on to its next one. An actor can also die there, as a process does.
/// </summary>
internal sealed class Interleaving(Func<int, int> choose)
{
    private static readonly AsyncLocal<Actor?> Current = new();

    private const int MaxSteps = 20_000;

    private readonly List<Actor> _actors = [];
    private readonly List<string> _steps = [];

    /// <summary>Called when everybody waits: time goes by.</summary>
    public Action Idle { get; set; } = () => { };

    /// <summary>How many actors may die.</summary>
    public int Deaths { get; set; }

    /// <summary>How many activities may run twice at a time.</summary>
    public int Doubles { get; set; }

    /// <summary>The schedule so far, to be printed when it broke something.</summary>
    public string Schedule => string.Join(' ', _steps);

    /// <summary>How far each actor is.</summary>
    public string Progress => string.Join(' ', _steps.CountBy(step => step).OrderBy(each => each.Key, StringComparer.Ordinal));

    /// <summary>Adds an actor; it begins when it is chosen.</summary>
    public void Add(string name, Func<Task> work) => _actors.Add(new(name, work));

    /// <summary>Runs all actors to their end, and answers what other than a death ended one.</summary>
    public async Task<IReadOnlyList<Exception>> RunAsync()
    {
        while (true)
        {
            if (_steps.Count > MaxSteps)
                throw new InvalidOperationException($"It does not come to an end: {Schedule}");
            var ready = _actors.FindAll(actor => actor is { IsOver: false, Waits: false });
            if (ready.Count == 0)
            {
                ready = _actors.FindAll(actor => !actor.IsOver);
                if (ready.Count == 0)
                    return [.. _actors.Select(actor => actor.Failure).OfType<Exception>()];
                Idle();
            }

            // Beyond the actors, the numbers stand for their deaths.
            var mayDie = Deaths > 0 ? ready.FindAll(actor => actor.HasBegun) : [];
            var choice = choose(ready.Count + mayDie.Count);
            var dies = choice >= ready.Count;
            var next = dies ? mayDie[choice - ready.Count] : ready[choice];
            if (dies)
                Deaths--;
            _steps.Add(dies ? $"{next.Name}†" : next.Name);
            await next.GoOnAsync(dies);
        }
    }

    /// <summary>One of two, chosen as the order is.</summary>
    public bool Chance() => choose(2) == 1;

    /// <summary>Whether the activity that begins now is handed out to two instances.</summary>
    public bool RunsTwice()
    {
        if (Doubles == 0 || choose(4) != 0)
            return false;
        Doubles--;
        _steps.Add("twice");
        return true;
    }

    /// <summary>Runs what is begun anew, on another instance, when its process dies.</summary>
    public static async Task<T> SurvivingAsync<T>(Func<Task<T>> work)
    {
        while (true)
        {
            try
            {
                var result = await work();
                if (Current.Value is not { IsDead: true })
                    return result;
            }
            catch (Exception) when (Current.Value is { IsDead: true })
            {
                // Whatever it made of that, nobody hears of it.
            }

            Current.Value!.IsDead = false;
        }
    }

    /// <summary>The point before a call, where others may come first.</summary>
    public static Task PassAsync() => Current.Value?.PassAsync(waits: false) ?? Task.CompletedTask;

    /// <summary>Waits for a while: everybody who does not wait comes first.</summary>
    public static Task PauseAsync() => Current.Value?.PassAsync(waits: true) ?? Task.CompletedTask;

    /// <summary>Stops before each request.</summary>
    internal sealed class Gate : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await PassAsync();
            return await base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>The process is gone: whatever the actor's code does about exceptions, it gets no further call through.</summary>
    internal sealed class DeathException() : Exception("The process died.");

    private sealed class Actor(string name, Func<Task> work)
    {
        private TaskCompletionSource _stopped = New();
        private TaskCompletionSource? _goOn;

        public string Name => name;

        public bool IsDead { get; set; }

        public bool HasBegun { get; private set; }

        public bool IsOver { get; private set; }

        public bool Waits { get; private set; }

        public Exception? Failure { get; private set; }

        public async Task GoOnAsync(bool dies)
        {
            IsDead |= dies;
            _stopped = New();
            if (HasBegun)
            {
                _goOn!.SetResult();
            }
            else
            {
                HasBegun = true;
                _ = Task.Run(BeginAsync);
            }

            await _stopped.Task.WaitAsync(Limits.Wait);
        }

        public async Task PassAsync(bool waits)
        {
            if (!IsDead)
            {
                Waits = waits;
                _goOn = New();
                _stopped.SetResult();
                await _goOn.Task;
                Waits = false;
            }

            if (IsDead)
                throw new DeathException();
        }

        private async Task BeginAsync()
        {
            Current.Value = this;
            try
            {
                await work();
            }
            catch (Exception e)
            {
                Failure = IsDead ? null : e;
            }

            IsOver = true;
            _stopped.SetResult();
        }

        private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>All schedules of a small case, one after the other, or so many of a large one by a seed.</summary>
internal static class Schedules
{
    /// <summary>Runs a case under every schedule, or the first <paramref name="most"/>; answers how many there were.</summary>
    /// <param name="run">The case.</param>
    /// <param name="most">Most schedules.</param>
    /// <param name="state">
    /// All that what comes next depends on, when that can be said: what follows from a state is then run once, whichever steps led to it.
    /// </param>
    public static async Task<int> AllAsync(Func<Func<int, int>, Task> run, int most, Func<string>? state = null)
    {
        var path = new List<(int Choice, int Of)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var count = 1; ; count++)
        {
            var depth = 0;
            await run(of =>
            {
                if (depth == path.Count)
                    path.Add((0, state is null || seen.Add(state()) ? of : 1));
                return path[depth++].Choice;
            });
            path.RemoveRange(depth, path.Count - depth);
            while (path.Count > 0 && path[^1].Choice + 1 == path[^1].Of)
                path.RemoveAt(path.Count - 1);
            if (path.Count == 0 || count == most)
                return count;
            path[^1] = (path[^1].Choice + 1, path[^1].Of);
        }
    }

    /// <summary>Runs a case under schedules that follow from a seed.</summary>
    public static async Task<int> SomeAsync(Func<Func<int, int>, Task> run, int seed, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var random = new Random(seed + i);
            await run(random.Next);
        }

        return count;
    }
}
