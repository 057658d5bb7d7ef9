using System.CommandLine;

namespace OmsWorkflows.Local.FunctionsHost.Settings;

/// <summary>The command line.</summary>
internal static class Command
{
    private static readonly Option<string> App =
        Text("--app", "The app's publish or build output: the folder with worker.config.json.", ".");

    private static readonly Option<int?> Port = new("--port", "-p")
    {
        Description = "The port to listen on, 0 for a free one. If not given: that of local.settings.json, else 7071.",
    };

    private static readonly Option<string> Address = Text("--address", "The address to listen on.", "127.0.0.1");
    private static readonly Option<string> Database = Text("--database", "The file that keeps orchestrations.", ".local/durable.db");
    private static readonly Option<string> Keys = Text("--keys", "The file with the keys; made if it is not there.", ".local/keys.json");
    private static readonly Option<int> Grace = new("--grace")
    {
        Description = "Seconds that running functions have to end when the host stops.",
        DefaultValueFactory = _ => 5,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Log one JSON object per line." };

    /// <summary>Parses the arguments and runs the host with them.</summary>
    /// <returns>The exit code: 0 when it was asked to stop, 1 when it could not start.</returns>
    public static Task<int> RunAsync(string[] args, Func<StartOptions, Task<int>> run)
    {
        var root = new RootCommand("Runs an isolated .NET Functions app on this machine, durable orchestrations included.")
        {
            App, Port, Address, Database, Keys, Grace, Json,
        };
        root.SetAction((parsed, _) => run(new StartOptions
        {
            App = FullPath(App, parsed),
            Port = InRange(parsed.GetValue(Port)),
            Address = parsed.GetValue(Address)!,
            Database = FullPath(Database, parsed),
            Keys = FullPath(Keys, parsed),
            Grace = TimeSpan.FromSeconds(Math.Max(0, parsed.GetValue(Grace))),
            JsonLogs = parsed.GetValue(Json),
        }));
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            var errors = string.Join(' ', parsed.Errors.Select(error => StartRefusedException.OneLine(error.Message)));
            throw new StartRefusedException($"{errors} --help lists the options.");
        }

        // Exceptions and signals are the program's own affair.
        var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        return parsed.InvokeAsync(invocation);
    }

    private static Option<string> Text(string name, string description, string otherwise)
        => new(name) { Description = description, DefaultValueFactory = _ => otherwise };

    private static string FullPath(Option<string> option, ParseResult parsed)
        => parsed.GetValue(option) is { } path && !string.IsNullOrWhiteSpace(path)
            ? Path.GetFullPath(path)
            : throw new StartRefusedException($"{option.Name} is empty: name a path, or leave it out.");

    private static int? InRange(int? port) => port is null or (>= 0 and <= 65535)
        ? port
        : throw new StartRefusedException($"--port is {port}: it must be from 0 to 65535.");
}
