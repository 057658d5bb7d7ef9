using System.CommandLine;
using OmsWorkflows.Load;
using OmsWorkflows.Local.AppHost;
using Spectre.Console;

const int Reconciled = 0;
const int NotReconciled = 1;
const int WrongUse = 2;
const int Interrupted = 130;

var cashIns = new Option<int>("--cash-ins") { Description = "How many.", DefaultValueFactory = _ => 1_000 };
var waves = new Option<int>("--waves")
{
    Description = "In how many goes: the next start when the last ones are all booked.",
    DefaultValueFactory = _ => 1,
};
var clients = new Option<int>("--clients") { Description = "How many callers there are at a time.", DefaultValueFactory = _ => 32 };
var store = new Option<Store>("--store") { Description = "What keeps orchestrations.", DefaultValueFactory = _ => Store.Sqlite };
var hosts = new Option<int>("--hosts")
{
    Description = "How many hosts run the app on the same task hub; more than one needs --store azurite.",
    DefaultValueFactory = _ => 1,
};
var kills = new Option<int>("--kills")
{
    Description = "How often a host and its worker are killed, one host after the other.",
    DefaultValueFactory = _ => 0,
};
var openFiles = new Option<int?>("--open-files")
{
    Description = "How many files a host, and its worker, may open at a time (ulimit -n); if not given, as many as this process.",
};
var root = new RootCommand("Lets many people pay in at once, measures, and reconciles every cent. Each is onboarded first.")
{
    cashIns, waves, clients, store, hosts, kills, openFiles,
};
root.SetAction(async (arguments, cancellationToken) =>
{
    var options = new LoadOptions(
        arguments.GetValue(cashIns),
        arguments.GetValue(waves),
        arguments.GetValue(clients),
        arguments.GetValue(store),
        arguments.GetValue(hosts),
        arguments.GetValue(kills),
        arguments.GetValue(openFiles));
    if (options.Hosts > 1 && options.Store == Store.Sqlite)
    {
        Console.Error.WriteLine("A SQLite task hub belongs to one host: use --store azurite for more.");
        return WrongUse;
    }
    try
    {
        var result = await new LoadRun(options, line => Console.WriteLine($"… {line}")).RunAsync(cancellationToken);
        LoadReport.Write(AnsiConsole.Console, result);
        return result.Violations.Count == 0 ? Reconciled : NotReconciled;
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
    catch (TimeoutException e)
    {
        Console.Error.WriteLine($"FAILED: {e.Message}");
        return NotReconciled;
    }
});
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
