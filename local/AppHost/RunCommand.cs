using System.CommandLine;

namespace OmsWorkflows.Local.AppHost;

/// <summary>The command line.</summary>
internal static class RunCommand
{
    /// <summary>Reads the arguments and runs the system with them.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> InvokeAsync(string[] args, Func<Run, Task<int>> start)
    {
        var once = new Option<bool>("--once") { Description = "End after the cash-in: exit code 0 if it completed, 1 if not." };
        var json = new Option<bool>("--json") { Description = "Write one JSON object per line." };
        var noDemo = new Option<bool>("--no-demo") { Description = "Start everything and leave the cash-ins to you." };
        var codeLifetime = new Option<int?>("--code-lifetime")
        {
            Description = "Seconds a deposit code lives in the sandbox (default: 30, with --once 10).",
        };
        var store = new Option<Store>("--store")
        {
            Description = "What keeps orchestrations: sqlite (one file) or azurite (the published Azure Storage backend).",
        };
        var root = new RootCommand("Runs Azurite, an OMS sandbox and the app on this machine, and one cash-in through them.")
        {
            once, json, noDemo, codeLifetime, store,
        };
        // What hosts the model in a test adds options of its own.
        root.TreatUnmatchedTokensAsErrors = false;
        root.SetAction(async arguments =>
        {
            using var run = Run.Prepare(new RunOptions
            {
                Once = arguments.GetValue(once),
                Json = arguments.GetValue(json),
                PlaysDemo = !arguments.GetValue(noDemo),
                CodeLifetimeSeconds = arguments.GetValue(codeLifetime),
                Store = arguments.GetValue(store),
            });
            return await start(run);
        });
        // The host of the model sees to Ctrl-C and SIGTERM.
        return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }
}
