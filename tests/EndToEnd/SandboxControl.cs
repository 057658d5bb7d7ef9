using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OmsWorkflows.Local.AppHost.Services;

namespace OmsWorkflows.EndToEnd;

/// <summary>What OMS holds: customers and cash-ins, and how much of its money was settled.</summary>
internal sealed record OmsCounts(int Customers, int CashIns, int Settlements)
{
    public OmsCounts PlusOneCashIn() => new(Customers + 1, CashIns + 1, Settlements + 1);
}

/// <summary>Steers and questions the sandbox.</summary>
internal sealed class SandboxControl(Machine machine) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri(machine.Sandbox.Url) };

    public Task RejectAsync(string externalId)
        => PostAsync("/_sim/endorsements", new JsonObject { ["decision"] = "reject", ["externalId"] = externalId });

    public Task FailNextConversionAsync() => PostAsync("/_sim/conversions/next", new JsonObject { ["fail"] = true });

    public async Task<JsonArray> DeliveriesAsync() => (await _http.GetFromJsonAsync<JsonObject>("/_sim/deliveries"))!["data"]!.AsArray();

    public async Task<OmsCounts> CountsAsync()
    {
        await SignInAsync();
        var ledger = (await _http.GetFromJsonAsync<JsonObject>("/_sim/ledger"))!;
        return new OmsCounts(await CountAsync("customers"), await CountAsync("cash-ins"), ledger["settlements"]!.AsArray().Count);
    }

    /// <summary>The customer's account at a bank, as the sandbox has set it up.</summary>
    public async Task<string> BankAccountAsync(string customerId)
    {
        await SignInAsync();
        var accounts = await _http.GetFromJsonAsync<JsonObject>($"/{machine.ApiVersion}/external-accounts?customerId={customerId}");
        return accounts!["data"]![0]!["id"]!.GetValue<string>();
    }

    /// <summary>What a wallet holds.</summary>
    public async Task<string> BalanceAsync(string walletId)
    {
        await SignInAsync();
        var balance = await _http.GetFromJsonAsync<JsonObject>($"/{machine.ApiVersion}/wallets/{walletId}/balance");
        return balance!["balance"]!.GetValue<string>();
    }

    public void Dispose() => _http.Dispose();

    private async Task<int> CountAsync(string list)
        => (await _http.GetFromJsonAsync<JsonObject>($"/{machine.ApiVersion}/{list}?limit=100"))!["data"]!.AsArray().Count;

    private async Task SignInAsync()
    {
        var token = await PostAsync(
            $"/{machine.ApiVersion}/auth/token", new JsonObject { ["apiKey"] = machine.Key.ApiKey, ["apiSecret"] = machine.Key.ApiSecret });
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token["accessToken"]!.GetValue<string>());
    }

    /// <summary>Lets things go wrong, as one script.</summary>
    public async Task AddFaultsAsync(params JsonObject[] faults)
    {
        using var response = await _http.PostAsJsonAsync("/_sim/faults", new JsonArray([.. faults]));
        response.IsSuccessStatusCode.Should().BeTrue("{0}", await response.Content.ReadAsStringAsync());
    }

    /// <summary>The customer of a caller's own id.</summary>
    public async Task<JsonObject> CustomerAsync(string externalId)
    {
        await SignInAsync();
        var found = await _http.GetFromJsonAsync<JsonObject>($"/{machine.ApiVersion}/customers?externalId={externalId}");
        return found!["data"]![0]!.AsObject();
    }

    /// <summary>Sends a control.</summary>
    public async Task<JsonObject> PostAsync(string path, JsonObject body)
    {
        using var response = await _http.PostAsJsonAsync(path, body);
        response.IsSuccessStatusCode.Should().BeTrue("{0} answered {1}", path, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!;
    }
}
