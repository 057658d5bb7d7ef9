using OmsWorkflows.Local.Runtime.Engine.Storage;

namespace OmsWorkflows.Local.Runtime.Tests.Engine.Simulation;

/// <summary>What goes wrong in a run: counts the points the engine reaches and strikes at some.</summary>
internal abstract class SimulatedFaults : FaultSeam
{
    /// <summary>Points reached over all starts of the engine.</summary>
    public int Reached { get; private set; }

    public bool Struck { get; protected set; }

    /// <summary>The database file in use.</summary>
    public required string DatabasePath { get; set; }

    public override void Reach(string point)
    {
        Reached++;
        Strike(point);
    }

    protected abstract void Strike(string point);
}

/// <summary>Nothing goes wrong.</summary>
internal sealed class NoFaults : SimulatedFaults
{
    protected override void Strike(string point)
    {
    }
}

/// <summary>The process is killed at the n-th point.</summary>
internal sealed class KilledAt(int n) : SimulatedFaults
{
    protected override void Strike(string point)
    {
        if (Reached == n)
        {
            Struck = true;
            throw new EngineCrashException(point);
        }
    }
}

/// <summary>The power fails while the n-th transaction is written: only a part of it is on disk.</summary>
internal sealed class TornAt(int n, Random random) : SimulatedFaults
{
    private int _commits;
    private long _before;

    protected override void Strike(string point)
    {
        var log = DatabasePath + "-wal";
        if (point == BeforeCommit)
        {
            _before = File.Exists(log) ? new FileInfo(log).Length : 0;
        }
        else if (point == AfterCommit && ++_commits == n)
        {
            Struck = true;
            var after = new FileInfo(log).Length;
            var survivor = Path.Combine(Path.GetDirectoryName(DatabasePath)!, $"torn-{n}.db");
            Copy(DatabasePath, survivor, long.MaxValue);
            Copy(log, survivor + "-wal", _before + random.NextInt64(after - _before));
            DatabasePath = survivor;
            throw new EngineCrashException("a torn write");
        }
    }

    private static void Copy(string from, string to, long length)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var target = File.Create(to);
        var rest = Math.Min(length, source.Length);
        var buffer = new byte[81_920];
        while (rest > 0)
        {
            var read = source.Read(buffer, 0, (int)Math.Min(rest, buffer.Length));
            target.Write(buffer, 0, read);
            rest -= read;
        }
    }
}

/// <summary>The n-th transaction fails: before it took effect, or after it did and nobody was told.</summary>
internal sealed class RefusedAt(int n, string where) : SimulatedFaults
{
    private int _commits;

    protected override void Strike(string point)
    {
        if (point == where && ++_commits == n)
        {
            Struck = true;
            throw new IOException("No space left on device");
        }
    }
}

/// <summary>Anything may go wrong at any time, by chance.</summary>
internal sealed class Unlucky(Random random, double chance) : SimulatedFaults
{
    protected override void Strike(string point)
    {
        if (random.NextDouble() < chance)
        {
            Struck = true;
            throw point is BeforeCommit or AfterCommit && random.Next(2) == 0
                ? new IOException("disk I/O error")
                : new EngineCrashException(point);
        }
    }
}
