using System.CommandLine;
using System.Security.Cryptography;
using OmsWorkflows.Local.AppHost;
using OmsWorkflows.Soak;
using Spectre.Console;

const int Reconciled = 0;
const int NotReconciled = 1;
const int Interrupted = 130;

var journeys = new Option<int>("--journeys") { Description = "How many cash-ins.", DefaultValueFactory = _ => 1_000 };
var kills = new Option<int>("--kills") { Description = "How often the app's process is killed.", DefaultValueFactory = _ => 20 };
var faults = new Option<double>("--fault-percent")
{
    Description = "How likely each fault of the sandbox strikes.",
    DefaultValueFactory = _ => 5,
};
var seed = new Option<int?>("--seed") { Description = "Repeats plans, faults and kills of a run." };
var atOnce = new Option<int>("--at-once") { Description = "How many journeys run at a time.", DefaultValueFactory = _ => 100 };
var keep = new Option<bool>("--keep") { Description = "Keeps logs and database; without, only if something does not reconcile." };
var root = new RootCommand(
    "Runs cash-ins through Azurite, the sandbox and the app while everything fails, then reconciles every cent.")
{
    journeys, kills, faults, seed, atOnce, keep,
};
root.SetAction(async (arguments, cancellationToken) =>
{
    var options = new SoakOptions(
        arguments.GetValue(journeys), arguments.GetValue(kills), arguments.GetValue(faults), arguments.GetValue(seed)
            ?? RandomNumberGenerator.GetInt32(int.MaxValue))
    {
        AtOnce = arguments.GetValue(atOnce),
        KeepFolder = arguments.GetValue(keep),
    };
    Console.WriteLine($"seed {options.Seed}: {options.Journeys} journeys, {options.Kills} kills, {options.FaultPercent} % of every fault");
    try
    {
        var result = await new SoakRun(options, line => Console.WriteLine($"… {line}")).RunAsync(cancellationToken);
        SoakReport.Write(AnsiConsole.Console, result);
        return result.Reconciled ? Reconciled : NotReconciled;
    }
    catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
    {
        return Interrupted;
    }
    catch (ProcessFailedException e)
    {
        Console.Error.WriteLine(string.Join(Environment.NewLine, [$"FAILED: {e.Message}", .. e.LastLines]));
        return NotReconciled;
    }
});
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
