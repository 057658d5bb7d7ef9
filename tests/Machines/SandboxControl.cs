using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using OmsWorkflows.Local.AppHost.Calls;

namespace OmsWorkflows.Machines;

/// <summary>What OMS holds: customers and cash-ins, and how much of its money was settled.</summary>
internal sealed record OmsCounts(int Customers, int CashIns, int Settlements)
{
    public OmsCounts PlusCashIns(int more) => new(Customers + more, CashIns + more, Settlements + more);
}

/// <summary>A delivery of the sandbox.</summary>
internal sealed record SandboxDelivery(string Id, string Event, string State);

/// <summary>A customer as OMS shows them.</summary>
internal sealed record OmsCustomer(string Id, string? LastName);

/// <summary>Steers and questions the sandbox.</summary>
internal sealed class SandboxControl(string url, SandboxKey key, string apiVersion) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri(url) };

    public Task RejectAsync(string externalId) => PostAsync("/_sim/endorsements", new { decision = "reject", externalId });

    public Task FailNextConversionAsync() => PostAsync("/_sim/conversions/next", new { fail = true });

    /// <summary>Moves the sandbox's clock; what falls due happens before this returns.</summary>
    public Task AdvanceAsync(string time) => PostAsync("/_sim/clock", new { advance = time });

    /// <summary>Lets things go wrong, as one script.</summary>
    public Task AddFaultsAsync(params JsonObject[] faults) => PostAsync("/_sim/faults", faults);

    public async Task<IReadOnlyList<SandboxDelivery>> DeliveriesAsync()
        => (await GetAsync<Page<SandboxDelivery>>("/_sim/deliveries")).Data;

    public async Task<OmsCounts> CountsAsync()
    {
        await SignInAsync();
        var ledger = await GetAsync<Ledger>("/_sim/ledger");
        return new OmsCounts(await CountAsync("customers"), await CountAsync("cash-ins"), ledger.Settlements.Count);
    }

    /// <summary>What is settled, and not taken back: of all assets and customers.</summary>
    public async Task<decimal> SettledAsync() => (await GetAsync<Ledger>("/_sim/ledger")).Settlements.Sum(entry => entry.Net);

    /// <summary>The sending bank takes back what became a transaction.</summary>
    public async Task ReturnDepositAsync(string transactionId)
    {
        var deposits = await GetAsync<Page<Transfer>>("/_sim/deposits");
        var deposit = deposits.Data.Single(each => each.TransactionId == transactionId);
        await PostAsync($"/_sim/deposits/{deposit.Id}/return", new { });
    }

    /// <summary>The customer's account at a bank, as the sandbox has set it up.</summary>
    public async Task<string> BankAccountAsync(string customerId)
    {
        await SignInAsync();
        return (await GetAsync<Page<Item>>($"/{apiVersion}/external-accounts?customerId={customerId}")).Data[0].Id;
    }

    /// <summary>What a wallet holds.</summary>
    public async Task<string> BalanceAsync(string walletId)
    {
        await SignInAsync();
        return (await GetAsync<WalletBalance>($"/{apiVersion}/wallets/{walletId}/balance")).Balance;
    }

    /// <summary>The customer of a caller's own id.</summary>
    public async Task<OmsCustomer> CustomerAsync(string externalId)
    {
        await SignInAsync();
        return (await GetAsync<Page<OmsCustomer>>($"/{apiVersion}/customers?externalId={externalId}")).Data[0];
    }

    /// <summary>Sends a control.</summary>
    public async Task PostAsync(string path, object body)
    {
        using var response = await _http.PostAsJsonAsync(path, body);
        response.IsSuccessStatusCode.Should()
            .BeTrue("{0} answered {1}: {2}", path, response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public void Dispose() => _http.Dispose();

    private async Task<int> CountAsync(string list) => (await GetAsync<Page<Item>>($"/{apiVersion}/{list}?limit=100")).Data.Count;

    private async Task<T> GetAsync<T>(string path)
        => await _http.GetFromJsonAsync<T>(path) ?? throw new InvalidOperationException($"{path} answered nothing.");

    private async Task SignInAsync()
    {
        using var response = await _http.PostAsJsonAsync($"/{apiVersion}/auth/token", new { key.ApiKey, key.ApiSecret });
        response.EnsureSuccessStatusCode();
        var token = await response.Content.ReadFromJsonAsync<Token>();
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token?.AccessToken);
    }

    private sealed record Page<T>(IReadOnlyList<T> Data);

    private sealed record Item(string Id);

    private sealed record Ledger(IReadOnlyList<LedgerEntry> Settlements);

    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    private sealed record LedgerEntry(string? TransactionId, decimal Net);

    private sealed record Transfer(string Id, string? TransactionId);

    private sealed record WalletBalance(string Balance);

    private sealed record Token(string AccessToken);
}
