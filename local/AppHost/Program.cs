using System.CommandLine;
using System.Runtime.InteropServices;
using OmsWorkflows.Local.AppHost;
using OmsWorkflows.Local.AppHost.Processes;
using OmsWorkflows.Local.AppHost.Services;

using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext context)
{
    // The default would end this process at once, and leave the others running.
    context.Cancel = true;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

var once = new Option<bool>("--once") { Description = "End after the cash-in: exit code 0 if it completed, 1 if not." };
var json = new Option<bool>("--json") { Description = "Write one JSON object per line." };
var codeLifetime = new Option<int?>("--code-lifetime") { Description = "Seconds a deposit code lives in the sandbox (default: 30, with --once 10)." };
var store = new Option<Store>("--store") { Description = "What keeps orchestrations: sqlite (one file) or azurite (the published Azure Storage backend)." };
var root = new RootCommand("Runs Azurite, an OMS sandbox and the app on this machine, and one cash-in through them.") { once, json, codeLifetime, store };
root.SetAction(arguments => new Host(arguments.GetValue(once), arguments.GetValue(json), arguments.GetValue(codeLifetime), arguments.GetValue(store)).RunAsync(stop.Token));

var guard = new Command(OrphanGuard.Command, "Ends what was started when the starter is gone.") { Hidden = true };
guard.SetAction(_ => OrphanGuard.RunAsync(Console.In));
root.Subcommands.Add(guard);

return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
