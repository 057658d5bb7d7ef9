using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using OmsWorkflows.Local.AppHost;
using OmsWorkflows.Machines;

namespace OmsWorkflows.EndToEnd;

/// <summary>
/// Every function that is called over HTTP, asked over real processes with each role, with none, without a key, and with a name somebody
/// made up. What was built says which functions there are, and the API document who may call them.
/// </summary>
[Collection(UsualMachine.Name)]
public sealed partial class AccessTests(UsualMachine usual, AccessTests.Ground signedIn) : IClassFixture<AccessTests.Ground>
{
    private const string Nobody = "no role";
    private const string SignInRequired = "sign-in-required";
    private const string RoleMissing = "role-missing";
    private const string PrincipalRefused = "principal-refused";

    private static readonly string[] Refusals = [SignInRequired, RoleMissing, PrincipalRefused];

    /// <summary>The app behind a platform that signs callers in, which is the test.</summary>
    public sealed class Ground : LocalMachine
    {
        internal override MachineSettings Settings => new() { App = new Dictionary<string, string> { ["Access:SignIn"] = "true" } };
    }

    [Fact]
    public async Task Each_role_is_let_in_where_the_document_says_and_refused_elsewhere()
    {
        var wrong = new List<string>();
        foreach (var route in Routes())
        {
            foreach (var role in (string[])["Caller", "Operator", "Reader", Nobody])
            {
                var principal = role == Nobody ? null : PlatformPrincipal.With(role);
                var refusal = await AskAsync(signedIn, route, withKey: true, principal);
                var expected = route.IsOpen || route.Roles.Contains(role) ? null : principal is null ? SignInRequired : RoleMissing;
                if (refusal != expected)
                    wrong.Add($"{route} as {role}: {refusal ?? "let in"}");
            }
        }

        wrong.Should().BeEmpty();
    }

    [Fact]
    public async Task Nobody_is_let_in_without_a_key_whatever_name_comes_along()
    {
        var wrong = new List<string>();
        foreach (var route in Routes().Where(route => !route.IsOpen))
            foreach (var principal in (string?[])[null, PlatformPrincipal.With("Caller", "Operator")])
                if (await AskAsync(signedIn, route, withKey: false, principal) != nameof(HttpStatusCode.Unauthorized))
                    wrong.Add($"{route}");

        wrong.Should().BeEmpty();
    }

    [Fact]
    public async Task A_made_up_principal_is_refused_everywhere_where_no_platform_is_in_front()
    {
        var (wrong, forged) = (new List<string>(), PlatformPrincipal.With("Caller", "Operator"));
        foreach (var route in Routes())
            if (await AskAsync(usual, route, withKey: true, forged) is var refusal and not PrincipalRefused)
                wrong.Add($"{route}: {refusal ?? "let in"}");

        wrong.Should().BeEmpty();
    }

    /// <summary>What refused the request; null when it reached the function, which may have found nothing of that id.</summary>
    private static async Task<string?> AskAsync(LocalMachine machine, Route route, bool withKey, string? principal)
    {
        using var http = new HttpClient { BaseAddress = new Uri(machine.Machine.App.Url) };
        using var request = new HttpRequestMessage(new HttpMethod(route.Method), route.Path);
        if (withKey)
            request.Headers.Add("x-functions-key", machine.Machine.App.FunctionKey);
        if (principal is not null)
            request.Headers.Add(PlatformPrincipal.HeaderName, principal);
        using var response = await http.SendAsync(request);
        if (response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
        {
            response.StatusCode.Should().NotBe(HttpStatusCode.InternalServerError, "{0} was let in", route);
            return null;
        }

        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return $"{response.StatusCode}";
        var type = (await response.Content.ReadFromJsonAsync<Problem>())?.Type.Split(':')[^1];
        return Refusals.Contains(type) ? type : null;
    }

    private static List<Route> Routes()
    {
        var functions = Read<Function[]>(Path.Combine(Programs.App, "functions.metadata"));
        var document = Read<Document>(Path.Combine(Programs.Repository, "docs", "openapi.json"));
        var routes = functions.SelectMany(function => function.Bindings.Where(binding => binding.Type == "httpTrigger")
            .SelectMany(trigger => trigger.Methods.Select(method => new Route(
                function.Name, method.ToUpperInvariant(), $"/api/{Placeholder().Replace(trigger.Route, "none")}",
                trigger.AuthLevel == "Anonymous", document.RolesOf($"/api/{trigger.Route}", method))))).ToList();
        routes.Should().HaveCountGreaterThan(50);
        routes.Where(route => !route.IsOpen).Should().OnlyContain(route => route.Roles.Count > 0, "the document names who may call it");
        return routes;
    }

    private static T Read<T>(string file) => JsonSerializer.Deserialize<T>(File.ReadAllBytes(file), JsonSerializerOptions.Web)!;

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Placeholder();

    private sealed record Route(string Function, string Method, string Path, bool IsOpen, IReadOnlyList<string> Roles)
    {
        public override string ToString() => $"{Method} {Path}";
    }

    private sealed record Function(string Name, IReadOnlyList<Binding> Bindings);

    private sealed record Binding(string Type, string AuthLevel, string Route)
    {
        public IReadOnlyList<string> Methods { get; init; } = [];
    }

    private sealed record Document(IReadOnlyDictionary<string, IReadOnlyDictionary<string, JsonElement>> Paths)
    {
        public IReadOnlyList<string> RolesOf(string path, string method)
            => Paths.TryGetValue(path, out var operations) && operations.TryGetValue(method, out var operation)
                ? operation.Deserialize<Operation>(JsonSerializerOptions.Web)!.Roles
                : [];
    }

    private sealed record Operation
    {
        [JsonPropertyName("x-roles")]
        public IReadOnlyList<string> Roles { get; init; } = [];
    }

    private sealed record Problem(string Type);
}
