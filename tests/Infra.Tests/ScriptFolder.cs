namespace OmsWorkflows.Infra.Tests;

/// <summary>
/// A folder for a script under test, with programs of its own before those of the machine: each writes down how it was called and answers
/// what the test gave it to say.
/// </summary>
internal sealed class ScriptFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("script");

    public string Path => _folder.FullName;

    /// <summary>One line per call of a stand-in: its name and its arguments.</summary>
    public string[] Calls => File.Exists(CallsFile) ? File.ReadAllLines(CallsFile) : [];

    private string CallsFile => System.IO.Path.Combine(Path, "calls");

    public string Write(string name, string content)
    {
        var file = System.IO.Path.Combine(Path, name);
        File.WriteAllText(file, content);
        return file;
    }

    /// <summary>A stand-in for a program; <paramref name="body"/> is the shell script that answers.</summary>
    public void StandIn(string program, string body)
    {
        var note = $"printf '%s %s\\n' {program} \"$(tr '\\n' ' ' <<<\"$*\")\" >> '{CallsFile}'";
        var file = Write(program, $"#!/usr/bin/env bash\n{note}\n{body}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Runs a script of the repository with the stand-ins.</summary>
    public Tool.Result Run(string script, string[] arguments, params (string Name, string Value)[] environment) => Tool.Run(
        "bash", [Repository.PathOf(script), .. arguments],
        environment: environment.Append(("PATH", $"{Path}:{Environment.GetEnvironmentVariable("PATH")}")).ToDictionary(pair
            => pair.Item1, pair => pair.Item2));

    public void Dispose() => _folder.Delete(recursive: true);
}
