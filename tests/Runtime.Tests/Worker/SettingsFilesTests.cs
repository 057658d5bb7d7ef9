using Microsoft.DurableTask.Worker;
using OmsWorkflows.Local.Runtime.Worker;

namespace OmsWorkflows.Runtime.Tests.Worker;

public sealed class SettingsFilesTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void LocalSettings_values_become_settings()
        => LocalSettings.Read(Write("""{ "Values": { "Oms__BaseUrl": "http://x", "A": "1" }, } // comment""")).Should()
            .BeEquivalentTo(new Dictionary<string, string> { ["Oms:BaseUrl"] = "http://x", ["A"] = "1" });

    [Theory]
    [InlineData("{ \"Values\": ")]
    [InlineData("{ \"Values\": { \"A\": 1 } }")]
    public void LocalSettings_that_cannot_be_read_name_the_file(string text)
        => FluentActions.Invoking(() => LocalSettings.Read(Write(text))).Should().Throw<InvalidOperationException>().WithMessage($"{_path} cannot be read*");

    [Fact]
    public void LocalSettings_need_not_exist() => LocalSettings.Read(_path + ".none").Should().BeEmpty();

    [Fact]
    public void HostJson_is_read()
    {
        var host = HostJson.Read(Write("""
            { "version": "2.0", "extensions": { "http": { "routePrefix": "" }, "durableTask": { "defaultVersion": "1.0", "versionMatchStrategy": "CurrentOrOlder" } } }
            """));

        host.RoutePrefix.Should().BeEmpty();
        host.Versioning().Should().BeEquivalentTo(new
        {
            DefaultVersion = "1.0",
            MatchStrategy = DurableTaskWorkerOptions.VersionMatchStrategy.CurrentOrOlder,
            FailureStrategy = DurableTaskWorkerOptions.VersionFailureStrategy.Reject,
        });
    }

    [Theory]
    [InlineData("{}", "\"version\" must be \"2.0\"")]
    [InlineData("{", "is not valid JSON")]
    public void HostJson_that_cannot_be_read_says_why(string text, string why)
        => FluentActions.Invoking(() => HostJson.Read(Write(text))).Should().Throw<InvalidOperationException>().WithMessage($"*{why}*");

    [Fact]
    public void HostJson_with_an_unknown_strategy_names_it()
        => FluentActions.Invoking(() => HostJson.Read(Write("""{ "version": "2.0", "extensions": { "durableTask": { "versionMatchStrategy": "Newest" } } }""")).Versioning())
            .Should().Throw<InvalidOperationException>().WithMessage("*versionMatchStrategy is 'Newest'*CurrentOrOlder*");

    private string Write(string text)
    {
        File.WriteAllText(_path, text);
        return _path;
    }
}
