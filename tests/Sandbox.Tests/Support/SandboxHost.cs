using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Local.Sandbox;

namespace OmsWorkflows.Sandbox.Tests.Support;

/// <summary>The whole sandbox on a port of its own, with a clock that stands still until it is advanced.</summary>
internal sealed class SandboxHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _version;
    private int _keys;

    private SandboxHost(WebApplication app, FakeTimeProvider clock, string version)
    {
        _version = version;
        _app = app;
        Time = clock;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public HttpClient Http { get; }

    public FakeTimeProvider Time { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<SandboxHost> StartAsync(params (string Name, string Value)[] settings)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 6, 10, 14, 0, 0, TimeSpan.Zero));
        var app = SandboxApplication.Build([], builder =>
        {
            var values = new Dictionary<string, string?>
            {
                ["Sandbox:Seed"] = "1",
                ["Sandbox:RateLimit"] = "0",
                ["Sandbox:RetryJitter"] = "0",
            };
            foreach (var (name, value) in settings)
                values[$"Sandbox:{name}"] = value;
            builder.Configuration.AddInMemoryCollection(values);
            builder.Services.AddSingleton<TimeProvider>(clock);
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
        });
        await app.StartAsync();
        var host = new SandboxHost(app, clock, settings.FirstOrDefault(setting => setting.Name == "ApiVersion").Value ?? "v0.9");
        await host.SignInAsync();
        return host;
    }

    /// <summary>Business time.</summary>
    public DateTimeOffset Now() => Services.GetRequiredService<Local.Sandbox.Time.SandboxClock>().Now;

    public async Task SignInAsync()
    {
        var answer = await Http.PostAsJsonAsync($"/{_version}/auth/token", new { apiKey = "sk_sdbx_local", apiSecret = "local-sandbox" });
        var token = (await answer.Content.ReadFromJsonAsync<JsonElement>()).Text("accessToken");
        Http.DefaultRequestHeaders.Authorization = new("Bearer", token);
    }

    public async Task<JsonElement> GetAsync(string path) => await Http.GetFromJsonAsync<JsonElement>($"/{_version}{path}");

    /// <summary>Posts with a new idempotency key and requires success.</summary>
    public async Task<JsonElement> PostAsync(string path, object? body = null) => await BodyAsync(await TryPostAsync(path, body));

    public async Task<HttpResponseMessage> TryPostAsync(string path, object? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/{_version}{path}");
        request.Headers.Add("Idempotency-Key", key ?? string.Create(CultureInfo.InvariantCulture, $"key-{++_keys}"));
        if (body is not null)
            request.Content = JsonContent.Create(body);
        return await Http.SendAsync(request);
    }

    public async Task<JsonElement> PatchAsync(string path, object body)
        => await BodyAsync(await Http.PatchAsJsonAsync($"/{_version}{path}", body));

    public async Task<JsonElement> SimAsync(string path, object? body = null)
        => await BodyAsync(await Http.PostAsJsonAsync($"/_sim{path}", body ?? new { }));

    public async Task<JsonElement> SimGetAsync(string path) => await Http.GetFromJsonAsync<JsonElement>($"/_sim{path}");

    /// <summary>Advances the clock; all that is due has happened afterwards.</summary>
    public Task AdvanceAsync(TimeSpan by) => SimAsync("/clock", new { advance = by.ToString("c") });

    /// <summary>Advances far enough for a decision, a conversion and the webhooks about them.</summary>
    public Task SettleAsync() => AdvanceAsync(TimeSpan.FromSeconds(10));

    public async Task<JsonElement> CustomerAsync(bool approved = true, string request = "customer.create")
    {
        var customer = await PostAsync("/customers", Fixture.Request(request));
        if (approved)
            await SettleAsync();
        return await GetAsync($"/customers/{customer.Text("id")}");
    }

    public Task<JsonElement> WalletAsync(string customerId)
        => PostAsync($"/customers/{customerId}/wallets", Fixture.Request("wallet.create"));

    public async Task<(string CustomerId, string WalletId)> ReadyAsync()
    {
        var customer = await CustomerAsync();
        var wallet = await WalletAsync(customer.Text("id"));
        return (customer.Text("id"), wallet.Text("id"));
    }

    public static JsonObject CashInRequest(string customerId, string walletId, string amount = "100.00")
    {
        var request = Fixture.Request("cash-in.create");
        request["customerId"] = customerId;
        request["destination"]!["wallet"]!["id"] = walletId;
        request["source"]!["indicatedAmount"] = amount;
        return request;
    }

    public async Task<JsonElement> CashInAsync()
    {
        var (customer, wallet) = await ReadyAsync();
        return await PostAsync("/cash-ins", CashInRequest(customer, wallet));
    }

    public Task<JsonElement> PayAsync(string code, string amount = "120.00") => SimAsync("/cash", new { code, amount });

    /// <summary>Lets the real time of the sandbox pass in steps until something is over.</summary>
    public async Task AdvanceRealTimeUntilAsync(Task over, TimeSpan step)
    {
        while (!over.IsCompleted)
        {
            Time.Advance(step);
            // A turn through the sandbox, so that what the step set off can happen.
            await SimGetAsync("/clock");
        }
    }

    /// <summary>Waits until the first fault has struck.</summary>
    public async Task StruckAsync()
    {
        while ((await SimGetAsync("/faults")).At("data")[0].At("struck").GetInt32() == 0)
            await Task.Yield();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.Should().BeTrue(
            "{0} {1} answered {2}: {3}", answer.RequestMessage!.Method, answer.RequestMessage.RequestUri, (int)answer.StatusCode, text);
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }
}

/// <summary>Reads JSON by dotted paths.</summary>
internal static class JsonReading
{
    public static JsonElement At(this JsonElement element, string path)
        => path.Split('.').Aggregate(element, (inner, name) => inner.GetProperty(name));

    public static string Text(this JsonElement element, string path) => element.At(path).GetString()!;

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer)
        => await answer.Content.ReadFromJsonAsync<JsonElement>();
}
