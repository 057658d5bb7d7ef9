using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Primitives;
using OmsWorkflows.Access;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Http;

namespace OmsWorkflows.Functions.Tests.Access;

/// <summary>Every function that is called over HTTP, with each role, with none, and with a name somebody made up.</summary>
public sealed class AccessTests
{
    private const string Somebody = "7d1c1c1e-0000-4000-8000-000000000001";

    private static readonly Dictionary<string, HttpTriggerAttribute> Functions = typeof(Program).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods())
        .Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null)
        .SelectMany(method => method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>())
            .OfType<HttpTriggerAttribute>().Select(trigger => (method.GetCustomAttribute<FunctionAttribute>()!.Name, trigger)))
        .ToDictionary(function => function.Name, function => function.trigger);

    public static TheoryData<string> All => [.. Functions.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_function_has_a_rule_and_only_what_asks_for_no_key_is_for_anyone(string function)
    {
        var allowed = AccessTable.Rules.Of(function);

        allowed.Should().NotBeNull($"functions/Access/AccessTable.cs has to say who may call {function}");
        (allowed == Callers.Anyone).Should().Be(Functions[function].AuthLevel == AuthorizationLevel.Anonymous);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Each_role_is_let_in_where_it_belongs_and_refused_elsewhere(string function)
    {
        var allowed = AccessTable.Rules.Of(function)!.Value;
        foreach (var (role, name) in new[] { (Callers.Caller, "Caller"), (Callers.Operator, "Operator"), (Callers.Anyone, "Reader") })
        {
            var answer = await JudgeAsync(function, signIn: true, Principal(("oid", Somebody), ("roles", name)));

            if (allowed == Callers.Anyone)
                answer.Should().Be((200, Actor.FunctionKey), $"anyone calls {function}");
            else if ((allowed & role) != 0)
                answer.Should().Be((200, Signed(role)), $"{name} calls {function}");
            else
                answer.Should().Be((403, null), $"{name} may not call {function}");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Nobody_is_let_in_without_signing_in_where_the_platform_asks_for_it(string function)
    {
        var expected = AccessTable.Rules.Of(function) == Callers.Anyone ? 200 : 401;

        foreach (var header in (string?[])[null, "", "nonsense", Encode("[]"), Encode("{}"), Principal(("roles", "Operator"))])
            (await JudgeAsync(function, signIn: true, header)).Status.Should().Be(expected);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_made_up_principal_is_refused_where_no_platform_vouches_for_it(string function)
    {
        var forged = Principal(("oid", Somebody), ("roles", "Operator"), ("roles", "Caller"));

        (await JudgeAsync(function, signIn: false, forged)).Should().Be((403, null));
        (await JudgeAsync(function, signIn: false, header: null)).Should().Be((200, Actor.FunctionKey));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Nobody_is_let_in_when_the_platform_says_that_sign_in_is_off(string function)
    {
        var expected = AccessTable.Rules.Of(function) == Callers.Anyone ? 200 : 401;
        var forged = Principal(("oid", Somebody), ("roles", "Operator"), ("roles", "Caller"));

        (await JudgeAsync(function, signIn: true, forged, platform: "False")).Status.Should().Be(expected);
    }

    [Fact]
    public async Task The_platforms_own_word_is_enough_to_ask_for_sign_in()
    {
        var header = Principal(("oid", Somebody), ("roles", "Caller"));

        (await JudgeAsync("StartCashIn", signIn: false, header, platform: "True")).Should().Be((200, Signed(Callers.Caller)));
        (await JudgeAsync("StartCashIn", signIn: false, header: null, platform: "True")).Status.Should().Be(401);
    }

    [Theory]
    [InlineData("http://schemas.microsoft.com/identity/claims/objectidentifier", "roles")]
    [InlineData("oid", "http://schemas.microsoft.com/ws/2008/06/identity/claims/role")]
    [InlineData("appid", "roles")]
    [InlineData("azp", "role")]
    public async Task Claims_are_read_however_the_platform_spells_them(string idType, string roleType)
        => (await JudgeAsync("StartCashIn", signIn: true, Principal((idType, Somebody), (roleType, "Caller"))))
            .Should().Be((200, Signed(Callers.Caller)));

    [Fact]
    public async Task The_object_id_names_who_asks_before_the_application()
        => (await JudgeAsync("StartCashIn", signIn: true, Principal(("appid", "app"), ("oid", Somebody), ("roles", "Caller")))).Actor!.Id
            .Should().Be(Somebody);

    [Theory]
    [InlineData("cross-site", "POST", 403)]
    [InlineData("same-site", "POST", 403)]
    [InlineData("same-origin", "POST", 200)]
    [InlineData("cross-site", "GET", 200)]
    public async Task A_page_of_another_site_changes_nothing(string site, string method, int expected)
        => (await JudgeAsync("CancelCashIn", signIn: true, Principal(("oid", Somebody), ("roles", "Caller")), site: site, method: method))
            .Status.Should().Be(expected);

    [Fact]
    public async Task What_has_no_rule_nobody_may_call()
        => (await JudgeAsync("Forgotten", signIn: false, header: null)).Status.Should().Be(403);

    [Fact]
    public async Task Two_headers_are_none()
        => (await JudgeAsync("StartCashIn", signIn: true, Principal(("oid", Somebody), ("roles", "Caller")), twice: true)).Status
            .Should().Be(401);

    private static Actor Signed(Callers roles) => new(Somebody, IsKnown: true) { Roles = roles };

    private static string Principal(params (string Type, string Value)[] claims) => Encode(new JsonObject
    {
        ["auth_typ"] = "aad",
        ["claims"] = new JsonArray([.. claims.Select(claim => new JsonObject { ["typ"] = claim.Type, ["val"] = claim.Value })]),
        ["name_typ"] = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
        ["role_typ"] = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role",
    }.ToJsonString());

    private static string Encode(string json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json));

    private static async Task<(int Status, Actor? Actor)> JudgeAsync(
        string function,
        bool signIn,
        string? header,
        string? platform = null,
        string? site = null,
        string method = "POST",
        bool twice = false)
    {
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("WEBSITE_AUTH_ENABLED", platform)]).Build();
        var options = new FixedOptions<AccessOptions>(new() { SignIn = signIn });
        var gate = new Gate(AccessTable.Rules, new SignIn(options, settings), NullLogger<Gate>.Instance);
        await using var services = new ServiceCollection().AddLogging().AddProblemDetails().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services, Request = { Method = method } };
        if (header is not null)
            context.Request.Headers[OmsWorkflows.Http.Principal.HeaderName] = twice ? new StringValues([header, header]) : header;
        if (site is not null)
            context.Request.Headers["Sec-Fetch-Site"] = site;

        var judged = gate.Judge(function, context.Request);
        if (judged.IsValid)
            return (200, judged.Value);
        using var body = new MemoryStream();
        context.Response.Body = body;
        await judged.Problem.ExecuteAsync(context);
        var problem = JsonSerializer.Deserialize<JsonObject>(body.ToArray())!;
        problem["detail"]!.GetValue<string>().Should().NotBeEmpty();
        return (context.Response.StatusCode, null);
    }
}
