using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OmsWorkflows.FunctionsHost.Tests.Processes;

namespace OmsWorkflows.FunctionsHost.Tests.Settings;

/// <summary>What cannot work is refused at start: exit code 1 and one line that says which setting or path, and why.</summary>
public sealed class RefusalTests
{
    private const string Worker = """{ "description": { "language": "dotnet-isolated", "defaultWorkerPath": "app.dll" } }""";

    private static readonly bool MayMount = CanMount();

    private readonly string _folder = HostProcess.NewFolder();

    [Fact]
    public Task Start_AppFolderIsMissing_IsRefused() => ShouldRefuseAsync([$"{_folder}/nothing", "--app"], app: $"{_folder}/nothing");

    [Fact]
    public Task Start_FolderIsNoApp_IsRefused() => ShouldRefuseAsync([_folder, "worker.config.json"], app: _folder);

    [Theory]
    [InlineData("node")]
    [InlineData("python")]
    public Task Start_AnotherLanguage_IsRefusedByName(string language)
    {
        var config = $$"""{ "description": { "language": "{{language}}", "defaultWorkerPath": "x.dll" } }""";
        return ShouldRefuseAsync([$"'{language}'", "dotnet-isolated"], App(config));
    }

    [Fact]
    public Task Start_NoHostJson_IsRefused() => ShouldRefuseAsync(["host.json"], App(host: null));

    [Theory]
    [InlineData("{", "host.json")]
    [InlineData("""{ "version": "1.0" }""", "version")]
    [InlineData("""{ "version": "2.0", "logging": { "logLevel": { "default": "Loud" } } }""", "Loud")]
    public Task Start_HostJsonThatCannotBeRead_IsRefused(string json, string named) => ShouldRefuseAsync([named], App(host: json));

    [Theory]
    [InlineData("{", "local.settings.json")]
    [InlineData("""{ "IsEncrypted": true, "Values": {} }""", "encrypted")]
    [InlineData("""{ "Host": { "CORS": "*" } }""", "CORS")]
    public Task Start_LocalSettingsThatCannotBeRead_IsRefused(string json, string named)
    {
        var app = App();
        File.WriteAllText(Path.Combine(app, "local.settings.json"), json);
        return ShouldRefuseAsync([named], app);
    }

    [Fact]
    public async Task Start_PortInUse_IsRefused()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        await ShouldRefuseAsync([$"--port {port}", "in use"], arguments: ["--port", $"{port}"]);
    }

    [Theory]
    [InlineData("99999")]
    [InlineData("-1")]
    public Task Start_PortOutOfRange_IsRefused(string port) => ShouldRefuseAsync(["--port", port], arguments: ["--port", port]);

    [Fact]
    public async Task Start_DatabaseOfARunningHost_IsRefused()
    {
        await using var first = await HostProcess.StartAsync(_folder);

        await ShouldRefuseAsync([$"{Path.Combine(_folder, "durable.db")} is in use by another process", "Stop that process"]);

        using var response = await first.GetAsync("/v1/open");
        response.StatusCode.Should().Be(HttpStatusCode.OK, "the first host goes on");
    }

    [Fact]
    public Task Start_DatabaseInAFolderThatCannotBeMade_IsRefused()
        => ShouldRefuseAsync(["--database /proc/nowhere/durable.db"], arguments: ["--database", "/proc/nowhere/durable.db"]);

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task Start_DatabaseIsAFolder_IsRefused(string end)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName + end;

        await ShouldRefuseAsync([$"--database {folder} is a folder"], arguments: ["--database", folder]);
    }

    [Theory]
    [InlineData("--database")]
    [InlineData("--keys")]
    public async Task Start_FileIsALinkToNowhere_IsRefusedWithWhereItLeads(string option)
    {
        var link = Path.Combine(_folder, "link");
        File.CreateSymbolicLink(link, "/nowhere/file");

        await ShouldRefuseAsync([$"{option} {link} (a link to /nowhere/file)"], arguments: [option, link]);
    }

    [Fact]
    public async Task Start_FolderOfTheDatabaseIsAnothersFile_IsRefusedByPath()
    {
        // Where its lock belongs there is something that cannot be opened; the path is what the reader needs.
        var file = Path.Combine(_folder, "durable.db");
        Directory.CreateDirectory($"{file}.lock");

        await ShouldRefuseAsync([$"{file}.lock"]);
    }

    [Theory]
    [InlineData("--database", "", "--database is empty")]
    [InlineData("--keys", " ", "--keys is empty")]
    [InlineData("--port", "http", "--port")]
    [InlineData("--databse", "x", "--databse")]
    [InlineData("--address", "203.0.113.1", "--address")]
    public Task Start_OptionThatMeansNothing_IsRefusedInOneLine(string option, string value, string named)
        => ShouldRefuseAsync([named], arguments: [option, value]);

    [Fact]
    public async Task Start_DatabaseThatIsNone_IsRefused()
    {
        var file = Path.Combine(_folder, "durable.db");
        await File.WriteAllTextAsync(file, new string('x', 5000));

        await ShouldRefuseAsync([file]);
    }

    [Theory]
    [InlineData("", UnixFileMode.OtherRead)]
    [InlineData("-wal", UnixFileMode.GroupRead)]
    public async Task Start_DatabaseThatOthersMayUse_IsRefused(string part, UnixFileMode loose)
    {
        var file = Path.Combine(_folder, $"durable.db{part}");
        await File.WriteAllBytesAsync(file, []);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | loose);

        await ShouldRefuseAsync([$"--database {file}", $"{loose}", "chmod 600"]);
    }

    [Theory]
    [InlineData("--database", "head -c 64k /dev/zero > fill")]
    [InlineData("--database", "head -c 60k /dev/zero > fill")]
    [InlineData("--database", "head -c 56k /dev/zero > fill")]
    [InlineData("--keys", "head -c 64k /dev/zero > fill")]
    public async Task Start_FullDisk_IsRefused(string option, string fill)
    {
        var (full, file) = Small();

        await ShouldRefuseAsync([file, "full|space"], arguments: [option, file], before: $"{Mount(full)}; {fill} || true");
    }

    [Theory]
    [InlineData("--database")]
    [InlineData("--keys")]
    public async Task Start_ReadOnlyFileSystem_IsRefused(string option)
    {
        var (folder, file) = Small();
        var before = $"{Mount(folder)}; mount -o remount,ro tmpfs {folder}";

        await ShouldRefuseAsync([$"{option} {file}", "Read-only"], arguments: [option, file], before: before);
    }

    [Fact]
    public Task Start_StorageProviderThatIsUnknown_IsRefused() => ShouldRefuseAsync(
        ["'punchcards'"], environment: new() { ["AzureFunctionsJobHost__extensions__durableTask__storageProvider__type"] = "punchcards" });

    [Fact]
    public Task Start_ScheduleSettingIsMissing_IsRefused()
        => ShouldRefuseAsync(["'Tick'", "TICK_SCHEDULE"], environment: new() { ["TICK_SCHEDULE"] = "" });

    [Fact]
    public Task Start_AppFailsAtStart_IsRefusedWithItsExitCode() => ShouldRefuseAsync(
        ["exit code 134", "no will to live", HostProcess.SampleApp],
        environment: new() { ["FAILS_AT_START"] = "no will to live" },
        appSpeaks: true);

    private static bool CanMount()
    {
        string[] command = ["--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"];
        using var trial = Process.Start("unshare", command);
        trial.WaitForExit();
        return trial.ExitCode == 0;
    }

    private async Task ShouldRefuseAsync(
        string[] named,
        string? app = null,
        Dictionary<string, string>? environment = null,
        string[]? arguments = null,
        bool appSpeaks = false,
        string? before = null)
    {
        var (exitCode, output) = await HostProcess.RefusedAsync(_folder, app, environment, arguments, before);

        exitCode.Should().Be(1);
        var line = output.Should().ContainSingle(line => line.StartsWith("The Functions host cannot start: ")).Subject;
        foreach (var each in named)
            line.Should().ContainAny(each.Split('|'));
        if (!appSpeaks)
            output.Should().NotContain(text => text.Contains("   at ") || text.Contains("Exception"), "a refusal is no stack trace");
    }

    /// <summary>A folder for a file system of its own, and a file in it.</summary>
    private (string Folder, string File) Small()
    {
        Assert.SkipUnless(MayMount, "this machine does not let a process have file systems of its own");
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "small")).FullName;
        return (folder, Path.Combine(folder, "file"));
    }

    private static string Mount(string folder) => $"mount -t tmpfs -o size=64k tmpfs {folder}; cd {folder}";

    /// <summary>A folder that looks like an app as far as the host reads it before it starts a worker.</summary>
    private string App(string worker = Worker, string? host = """{ "version": "2.0" }""")
    {
        var app = Path.Combine(_folder, "app");
        Directory.CreateDirectory(app);
        File.WriteAllText(Path.Combine(app, "app.dll"), "");
        File.WriteAllText(Path.Combine(app, "worker.config.json"), worker);
        if (host is not null)
            File.WriteAllText(Path.Combine(app, "host.json"), host);
        return app;
    }
}
