using OmsWorkflows.Local.FunctionsHost;
using OmsWorkflows.Local.FunctionsHost.Keys;

namespace OmsWorkflows.FunctionsHost.Tests.Keys;

public sealed class KeyFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Long = "a-key-that-is-long-enough";

    private readonly string _folder = Directory.CreateTempSubdirectory("keys-").FullName;

    private string FilePath => Path.Combine(_folder, "deeper", "keys.json");

    [Fact]
    public void Load_NoFile_MakesOneThatOnlyItsOwnerReadsAndKeepsIt()
    {
        var made = KeyFile.Load(FilePath, "durabletask_extension");
        var again = KeyFile.Load(FilePath, "durabletask_extension");

        File.GetUnixFileMode(FilePath).Should().Be(OwnerOnly);
        string[] keys = [made.MasterKey, made.HostKeys["default"], made.SystemKeys["durabletask_extension"]];
        keys.Should().OnlyContain(key => key.Length == 64).And.OnlyHaveUniqueItems();
        again.Should().BeEquivalentTo(made);
    }

    [Fact]
    public void Load_FileWithoutTheSystemKey_AddsItAndKeepsTheRest()
    {
        Write($$"""{ "masterKey": "{{Long}}", "hostKeys": { "default": "{{Long}}2" }, "functionKeys": { "F": { "k": "{{Long}}3" } } }""");

        KeyFile.Load(FilePath, "durabletask_extension");

        var file = KeyFile.Load(FilePath, "durabletask_extension");
        file.MasterKey.Should().Be(Long);
        file.FunctionKeys["F"]["k"].Should().Be($"{Long}3");
        file.SystemKeys["durabletask_extension"].Should().HaveLength(64);
        File.GetUnixFileMode(FilePath).Should().Be(OwnerOnly);
    }

    [Theory]
    [InlineData("""{ "masterKey": "" }""", "masterKey")]
    [InlineData("""{ "hostKeys": { "default": "a-key-that-is-long-enough" } }""", "masterKey")]
    [InlineData("""{ "masterKey": "a-key-that-is-long-enough", "hostKeys": { "default": "short" } }""", "hostKeys.default")]
    [InlineData("""{ "masterKey": "a-key-that-is-long-enough", "functionKeys": { "F": { "k": "" } } }""", "functionKeys.F.k")]
    [InlineData("""{ "masterKey": "a-key-that-is-long-enough", "systemKeys": { "other": "x" } }""", "systemKeys.other")]
    [InlineData("""{ "master": "a-key-that-is-long-enough" }""", "master")]
    [InlineData("""{ "masterKey": null }""", "masterKey")]
    [InlineData("""{ "masterKey": "a-key-that-is-long-enough", "hostKeys": null }""", "hostKeys")]
    [InlineData("""{ "masterKey": "a-key-that-is-long-enough", "hostKeys": { "default": null } }""", "hostKeys.default")]
    [InlineData("""{ "masterKey": "a-key-that-is-long-enough", "functionKeys": { "F": null } }""", "functionKeys.F")]
    [InlineData("""{ "masterKey": "                         " }""", "masterKey")]
    [InlineData("""{ "masterKey": "a-key-that-is-long-enough\n" }""", "masterKey")]
    [InlineData("""{ "masterKey": "a-key-that-is-long-enough", "masterKey": "another-key-long-enough" }""", "masterKey")]
    [InlineData("""{ "masterKey": 12345678901234567890 }""", "masterKey")]
    [InlineData("{", "JSON object")]
    [InlineData("{ \"masterKey\": nearly-a-key-in-quotes }", "line 1, byte 1")]
    [InlineData("null", "JSON object")]
    public void Load_ShortKeyOrUnknownForm_IsRefusedByName(string json, string named)
    {
        Write(json);

        var load = () => KeyFile.Load(FilePath, "durabletask_extension");

        load.Should().Throw<StartRefusedException>().Which.Message
            .Should().ContainAll(FilePath, named).And.NotContainAny("\n", "nearly-a-key");
    }

    [Fact]
    public void Load_FileThatIsFarTooLarge_IsRefusedUnread()
    {
        Write("");
        using (var file = File.OpenWrite(FilePath))
            file.SetLength(5_000_000_000);

        var load = () => KeyFile.Load(FilePath, "durabletask_extension");

        load.Should().Throw<StartRefusedException>().Which.Message.Should().ContainAll("--keys", FilePath, "larger");
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    public void Load_FileThatOthersMayUse_IsRefused(UnixFileMode loose)
    {
        Write($$"""{ "masterKey": "{{Long}}" }""", OwnerOnly | loose);

        var load = () => KeyFile.Load(FilePath, "durabletask_extension");

        load.Should().Throw<StartRefusedException>().Which.Message.Should().Contain($"{loose}").And.Contain("chmod 600");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string json, UnixFileMode mode = OwnerOnly)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllText(FilePath, json);
        File.SetUnixFileMode(FilePath, mode);
    }
}
