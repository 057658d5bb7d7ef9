using System.Net;
using OmsWorkflows.FunctionsHost.Tests.Processes;

namespace OmsWorkflows.FunctionsHost.Tests.Keys;

/// <summary>Which key opens what, in the header and in the query.</summary>
public sealed class AuthLevelTests(AuthLevelTests.Keyed keyed) : IClassFixture<AuthLevelTests.Keyed>
{
    private const string Master = "a-master-key-of-these-tests";
    private const string HostKey = "a-host-key-of-these-tests";
    private const string GuardedKey = "a-key-of-guarded-of-these-tests";
    private const string OtherKey = "a-key-of-another-function";
    private const string System = "a-system-key-of-these-tests";

    public sealed class Keyed : IAsyncLifetime
    {
        internal HostProcess Host { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            var folder = HostProcess.NewFolder();
            var file = Path.Combine(folder, "keys.json");
            await File.WriteAllTextAsync(file, $$"""
                {
                  "masterKey": "{{Master}}", "hostKeys": { "default": "{{HostKey}}", "second": "another-host-key-of-these-tests" },
                  "functionKeys": { "guarded": { "default": "{{GuardedKey}}" }, "Open": { "default": "{{OtherKey}}" } },
                  "systemKeys": { "durabletask_extension": "{{System}}" }
                }
                """);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            Host = await HostProcess.StartAsync(folder);
        }

        public async ValueTask DisposeAsync() => await Host.DisposeAsync();
    }

    [Theory]
    [InlineData("open", null, HttpStatusCode.OK)]
    [InlineData("open", "a-wrong-key-altogether-here", HttpStatusCode.OK)]
    [InlineData("guarded", null, HttpStatusCode.Unauthorized)]
    [InlineData("guarded", "a-wrong-key-altogether-here", HttpStatusCode.Unauthorized)]
    [InlineData("guarded", HostKey, HttpStatusCode.OK)]
    [InlineData("guarded", "another-host-key-of-these-tests", HttpStatusCode.OK)]
    [InlineData("guarded", GuardedKey, HttpStatusCode.OK)]
    [InlineData("guarded", OtherKey, HttpStatusCode.Unauthorized)]
    [InlineData("guarded", System, HttpStatusCode.Unauthorized)]
    [InlineData("guarded", Master, HttpStatusCode.OK)]
    [InlineData("ruled", null, HttpStatusCode.Unauthorized)]
    [InlineData("ruled", HostKey, HttpStatusCode.Unauthorized)]
    [InlineData("ruled", GuardedKey, HttpStatusCode.Unauthorized)]
    [InlineData("ruled", Master, HttpStatusCode.OK)]
    public async Task Get_WithKey_IsLetInByTheLevelOfTheFunction(string path, string? key, HttpStatusCode expected)
    {
        using var byHeader = await keyed.Host.GetAsync($"/v1/{path}", key);
        using var byQuery = await keyed.Host.GetAsync($"/v1/{path}?code={key}");

        byHeader.StatusCode.Should().Be(expected);
        byQuery.StatusCode.Should().Be(expected);
        if (expected == HttpStatusCode.Unauthorized)
            (await byHeader.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData(HostKey, HttpStatusCode.Unauthorized)]
    [InlineData(GuardedKey, HttpStatusCode.Unauthorized)]
    [InlineData(System, HttpStatusCode.OK)]
    [InlineData(Master, HttpStatusCode.OK)]
    public async Task Get_ManagementApi_NeedsItsSystemKeyOrTheMasterKey(string? key, HttpStatusCode expected)
    {
        using var response = await keyed.Host.GetAsync("/runtime/webhooks/durabletask/instances", key);

        response.StatusCode.Should().Be(expected);
    }

    [Fact]
    public async Task Get_EmptyKey_IsRefused()
    {
        using var response = await keyed.Host.GetAsync("/v1/guarded?code=");

        response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }
}
