using System.Text.RegularExpressions;
using OmsWorkflows.Sandbox.Tests.Banking;
using OmsWorkflows.Sandbox.Tests.Support;

namespace OmsWorkflows.Sandbox.Tests.Contract;

/// <summary>
/// Every line of <c>docs/sandbox.md</c> that steers the sandbox is carried out, on a sandbox that holds what the line names.
/// </summary>
public sealed partial class DocumentTests
{
    // The cash-in by hand comes first and needs a shell; what follows it are single calls.
    private static readonly string Document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "sandbox.md")).Split("## Time")[1];

    public static TheoryData<string> Lines() => [.. Commands().Matches(Document).Select(match => match.Value)];

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task A_line_of_the_document_works(string line)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        var command = Commands().Match(Filled(line, await NamesAsync(sandbox, receiver, line)));
        var (path, body) = (command.Groups["path"].Value, command.Groups["body"]);
        var method = command.Groups["method"] is { Success: true } given ? given.Value : body.Success ? "POST" : "GET";
        body.Success.Should().Be(line.Contains(" -d ", StringComparison.Ordinal), "the test has to read what the line sends");
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
        if (body.Success)
            request.Content = new StringContent(body.Value);
        if (command.Groups["key"] is { Success: true } key)
            request.Headers.Add("Idempotency-Key", key.Value);

        using var answer = await sandbox.Http.SendAsync(request);

        answer.IsSuccessStatusCode.Should().BeTrue("{0} answered {1}", line, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public void Every_fault_and_every_control_is_shown()
    {
        var faults = Enum.GetNames<Local.Sandbox.Faults.FaultKind>().Select(name => char.ToLowerInvariant(name[0]) + name[1..]);
        Document.Should().ContainAll(faults.Select(name => $"\"fault\":\"{name}\""));
        foreach (var setting in typeof(Local.Sandbox.SandboxOptions).GetProperties())
            Document.Should().Contain($"`{setting.Name}`");
    }

    /// <summary>Puts values where the shell would; a quoted one ends and begins the quotes around it.</summary>
    private static string Filled(string line, IReadOnlyDictionary<string, string> names)
        => Variables().Replace(line, variable => names[variable.Groups["name"].Value]);

    private static async Task<IReadOnlyDictionary<string, string>> NamesAsync(SandboxHost sandbox, Receiver receiver, string line)
    {
        var names = new Dictionary<string, string> { ["U"] = "" };
        if (Variables().Matches(line).All(variable => names.ContainsKey(variable.Groups["name"].Value)))
            return names;
        (names["ENDPOINT"], _) = await receiver.SubscribeAsync(sandbox);
        (names["C"], names["W"]) = await sandbox.ReadyAsync();
        names["DELIVERY"] = (await sandbox.SimGetAsync("/deliveries")).At("data")[0].Text("id");
        var cashIn = await sandbox.PostAsync("/cash-ins", SandboxHost.CashInRequest(names["C"], names["W"]));
        (names["CI"], names["CODE"]) = (cashIn.Text("id"), cashIn.Text("depositInstructions.code"));
        await AddPayoutsAsync(sandbox, names);
        var receiving = DepositTests.Request(names["C"], names["W"]);
        names["VA"] = (await sandbox.SimAsync("/virtual-accounts", receiving)).Text("id");
        names["DA"] = (await sandbox.SimAsync("/deposit-addresses", receiving)).Text("id");
        names["DEPOSIT"] = (await sandbox.SimAsync($"/virtual-accounts/{names["VA"]}/deposits", new { amount = "40.00" })).Text("id");
        names["FAULT"] = (await sandbox.SimAsync("/faults", new { fault = "drop" })).At("faults")[0].GetString()!;
        return names;
    }

    private static async Task AddPayoutsAsync(SandboxHost sandbox, Dictionary<string, string> names)
    {
        await sandbox.SimAsync($"/wallets/{names["W"]}/deposit", new { amount = "200.00" });
        names["BANK"] = (await sandbox.GetAsync($"/external-accounts?customerId={names["C"]}")).At("data")[0].Text("id");
        object toBank = new { asset = "usd", network = "ach", wallet = new { externalAccount = names["BANK"] } };
        object toStore = new { asset = "usd", network = "cash", cash = Fixture.Request("cash-in.create")["cash"] };
        names["UNCOLLECTED"] = await PayAsync(sandbox, names, toStore);
        await sandbox.AdvanceAsync(TimeSpan.FromHours(25));
        await sandbox.SignInAsync();
        (names["PAID"], names["READY"]) = (await PayAsync(sandbox, names, toBank), await PayAsync(sandbox, names, toStore));
        await sandbox.SettleAsync();
        names["PICKUP"] = (await sandbox.GetAsync($"/transactions/{names["READY"]}")).Text("cashPickup.cashCode");
        await sandbox.SimAsync("/faults", new { fault = "hold" });
        names["HELD"] = await PayAsync(sandbox, names, toBank);
        // The code has run out meanwhile.
        names["CODE"] = (await sandbox.PostAsync($"/cash-ins/{names["CI"]}/refresh")).Text("depositInstructions.code");
    }

    private static async Task<string> PayAsync(SandboxHost sandbox, Dictionary<string, string> names, object destination)
    {
        var source = new { walletId = names["W"], asset = "usdc", network = "polygon", amount = "25.00" };
        var quote = await sandbox.PostAsync("/quotes", new { customerId = names["C"], source, destination });
        return (await sandbox.PostAsync("/transactions", new { quoteId = quote.Text("id") })).Text("id");
    }

    [GeneratedRegex("""
        ^(?:curl\ -s|oms\ -H\ 'Idempotency-Key:\ (?<key>[^']+)')(?:\ -X\ (?<method>\w+))?\ "?(?:\$U)?(?<path>[^\s"]+)"?
        (?:\ -d\ '(?<body>(?:[^']|'"?\$\w+"?')*)')?
        """, RegexOptions.Multiline | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Commands();

    [GeneratedRegex("""'?"?\$(?<name>[A-Z]+)"?'?""")]
    private static partial Regex Variables();
}
