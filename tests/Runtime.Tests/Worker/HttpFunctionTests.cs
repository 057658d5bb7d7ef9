using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace OmsWorkflows.Runtime.Tests.Worker;

public sealed class HttpFunctionTests : IAsyncLifetime
{
    private SampleHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await SampleHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("api/echo/a", "GET a ")]
    [InlineData("api/echo/a%20b/7", "GET a b 7")]
    public async Task Route_parameters_are_bound_by_name(string path, string expected)
        => (await _host.Http.GetStringAsync(new Uri(path, UriKind.Relative))).Should().Be(expected);

    [Fact]
    public async Task The_body_is_bound_and_services_come_through_the_constructor()
    {
        var response = await _host.Http.PostAsJsonAsync("api/people", new { name = "Ana" });

        (await response.Content.ReadAsStringAsync()).Should().Be("Hello Ana");
    }

    [Theory]
    [InlineData("api/Guarded", null, HttpStatusCode.Unauthorized)]
    [InlineData("api/Guarded", "wrong", HttpStatusCode.Unauthorized)]
    [InlineData("api/Guarded", "default", HttpStatusCode.OK)]
    [InlineData("api/Guarded", "master", HttpStatusCode.OK)]
    [InlineData("api/Administrated", "default", HttpStatusCode.Unauthorized)]
    [InlineData("api/Administrated", "master", HttpStatusCode.OK)]
    public async Task A_key_opens_what_its_level_allows(string path, string? key, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
            request.Headers.Add("x-functions-key", _host.Keys.GetValueOrDefault(key, key));
        using var response = await _host.Http.SendAsync(request);

        response.StatusCode.Should().Be(expected);
        if (expected == HttpStatusCode.Unauthorized)
            (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString().Should().Contain("x-functions-key");
    }

    [Fact]
    public async Task A_key_can_come_in_the_query()
        => (await _host.Http.GetAsync(new Uri($"api/Guarded?code={_host.Keys["default"]}", UriKind.Relative))).StatusCode.Should().Be(HttpStatusCode.OK);

    [Fact]
    public void The_keys_are_readable_by_their_owner_only()
    {
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(_host.KeysFile).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Theory]
    [InlineData("GET", "api/nowhere", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "api/Guarded", HttpStatusCode.MethodNotAllowed)]
    public async Task What_no_function_serves_is_a_problem(string method, string path, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await _host.Http.SendAsync(request);

        response.StatusCode.Should().Be(expected);
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
    }

    [Fact]
    public async Task A_function_that_throws_answers_500_and_tells_nothing()
    {
        using var response = await _host.Http.GetAsync(new Uri("api/Broken", UriKind.Relative));

        response.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        (await response.Content.ReadAsStringAsync()).Should().NotContain("secret detail");
    }

    [Fact]
    public async Task An_orchestration_runs_its_activity_through_middleware_and_services()
    {
        using var response = await _host.Http.PostAsync(new Uri("api/greetings/Ana", UriKind.Relative), null);

        (await response.Content.ReadAsStringAsync()).Should().Be("Hello Ana! by Start");
    }
}
