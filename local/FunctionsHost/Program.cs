using System.Runtime.InteropServices;
using OmsWorkflows.Local.FunctionsHost;
using OmsWorkflows.Local.FunctionsHost.Settings;

using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext context)
{
    // The default would end this process at once, in the midst of what runs.
    context.Cancel = true;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
try
{
    return await Command.RunAsync(args, async options =>
    {
        await LocalHost.RunAsync(options, TimeProvider.System, stop.Token);
        return 0;
    });
}
catch (StartRefusedException e)
{
    await Console.Error.WriteLineAsync($"The Functions host cannot start: {e.Message}");
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 0;
}
catch (Exception e)
{
    await Console.Error.WriteLineAsync($"The Functions host ended: {e.GetType().Name}: {StartRefusedException.Cause(e)}");
    return 1;
}
