using System.Globalization;
using OmsWorkflows.Machines;

namespace OmsWorkflows.Load.Measures;

/// <summary>
/// Looks at hosts and workers once a second: memory, open files, processor time. Reads <c>/proc</c>; where there is none it measures
/// nothing.
/// </summary>
internal sealed class ProcessMeter(IReadOnlyList<AppService> hosts)
{
    private const double TicksPerSecond = 100;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly List<ProcessSample> _samples = [];
    private readonly Dictionary<int, double> _processorSeconds = [];

    /// <summary>All that was seen, oldest first.</summary>
    public IReadOnlyList<ProcessSample> Samples => _samples;

    /// <summary>Looks until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var timer = new PeriodicTimer(Look);
        try
        {
            do
                Sample();
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            Sample();
        }
    }

    private void Sample()
    {
        var (bytes, files) = (0L, 0);
        foreach (var host in hosts)
        {
            foreach (var id in Tree(host))
            {
                try
                {
                    bytes += Pages(id) * Environment.SystemPageSize;
                    files = Math.Max(files, Directory.GetFileSystemEntries($"/proc/{id}/fd").Length);
                    _processorSeconds[id] = ProcessorSeconds(id);
                }
                catch (IOException)
                {
                    // It has just ended.
                }
            }
        }
        _samples.Add(new(bytes, files, _processorSeconds.Values.Sum()));
    }

    private static IEnumerable<int> Tree(AppService host)
    {
        int root;
        try
        {
            root = host.ProcessId;
        }
        catch (InvalidOperationException)
        {
            // It was killed, and is not started again yet.
            return [];
        }
        try
        {
            return [root, .. Directory.GetDirectories($"/proc/{root}/task").SelectMany(Children).Distinct()];
        }
        catch (IOException)
        {
            return [root];
        }
    }

    private static IEnumerable<int> Children(string thread)
        => File.ReadAllText(Path.Combine(thread, "children"))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture));

    private static long Pages(int id)
        => long.Parse(File.ReadAllText($"/proc/{id}/statm").Split(' ')[1], CultureInfo.InvariantCulture);

    private static double ProcessorSeconds(int id)
    {
        var stat = File.ReadAllText($"/proc/{id}/stat");
        // The name may hold spaces; what follows its bracket does not.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (Ticks(fields[11]) + Ticks(fields[12])) / TicksPerSecond;

        static double Ticks(string field) => double.Parse(field, CultureInfo.InvariantCulture);
    }
}

/// <summary>One look at all hosts and workers.</summary>
/// <param name="Bytes">Resident memory of all of them.</param>
/// <param name="Files">Open files of the one that has most.</param>
/// <param name="ProcessorSeconds">Processor time of all of them since their starts.</param>
internal sealed record ProcessSample(long Bytes, int Files, double ProcessorSeconds);
