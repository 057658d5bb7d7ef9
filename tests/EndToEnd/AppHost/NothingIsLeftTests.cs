using System.Net.Sockets;
using OmsWorkflows.Machines;
using OmsWorkflows.Machines.Processes;

namespace OmsWorkflows.EndToEnd.AppHost;

/// <summary>However the AppHost ends, no process and no port of the system is left.</summary>
public sealed class NothingIsLeftTests
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    public enum End
    {
        CtrlC,
        Terminated,
        Killed,
    }

    [Fact]
    public async Task No_process_and_no_port_is_left_when_the_AppHost_itself_is_killed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are found in /proc.");
        await using var host = AppHostProcess.Start(new Dictionary<string, string>(), "--no-demo");
        await EndsAsync(host, End.Killed);
    }

    /// <summary>A terminal sends its Ctrl-C to all of the group, who asks for the end to the first of it alone.</summary>
    [Theory]
    [InlineData(End.CtrlC)]
    [InlineData(End.Terminated)]
    [InlineData(End.Killed)]
    public async Task No_process_and_no_port_is_left_by_dotnet_run(End end)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are found in /proc.");
        await using var host = AppHostProcess.StartByDotnetRun("--no-demo");
        await EndsAsync(host, end);
    }

    private static async Task EndsAsync(AppHostProcess host, End end)
    {
        var system = await host.RunningAsync(CancellationToken.None);
        int[] ports = [new Uri(system.App).Port, new Uri(system.Sandbox).Port, new Uri($"{system.Dashboard}").Port];
        Marked(host.Mark).Should().HaveCountGreaterThan(5, "the AppHost, its control plane, three programs and the dashboard are there");
        ports.Should().OnlyContain(port => IsListening(port));

        switch (end)
        {
            case End.CtrlC:
                UnixSignal.Interrupt(-host.Id);
                break;
            case End.Terminated:
                UnixSignal.Terminate(host.Id);
                break;
            default:
                await host.KillAsync();
                break;
        }

        await UntilAsync(() => Marked(host.Mark).Count == 0, () => $"are left: {string.Join(", ", Marked(host.Mark))}");
        ports.Should().NotContain(port => IsListening(port));
        if (end != End.Killed)
            Directory.Exists(system.Logs).Should().BeFalse("nothing failed");
    }

    /// <summary>Processes that have the mark in their environment.</summary>
    private static List<string> Marked(string mark)
    {
        var found = new List<string>();
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(folder, "environ")).Contains(mark, StringComparison.Ordinal))
                    found.Add(File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' '));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has just ended, or is none of ours.
            }
        }

        return found;
    }

    private static bool IsListening(int port)
    {
        using var client = new TcpClient();
        try
        {
            client.Connect("localhost", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task UntilAsync(Func<bool> holds, Func<string> otherwise)
    {
        using var limit = new CancellationTokenSource(Limits.Wait);
        using var timer = new PeriodicTimer(Look);
        while (!holds())
        {
            limit.IsCancellationRequested.Should().BeFalse(otherwise());
            await timer.WaitForNextTickAsync();
        }
    }
}
