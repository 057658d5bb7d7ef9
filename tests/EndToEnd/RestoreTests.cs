using System.Diagnostics;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using OmsWorkflows.Local.AppHost.Processes;

namespace OmsWorkflows.EndToEnd;

/// <summary>
/// The ledger is lost and restored with the commands of docs/operations.md; OMS's own books say whether it is whole again.
/// </summary>
public sealed class RestoreTests(RestoreTests.Ground ground) : IClassFixture<RestoreTests.Ground>
{
    private static readonly decimal[] Paid = [120.00m, 37.41m, 88.89m];

    public sealed class Ground : LocalMachine;

    [Fact]
    public async Task LostLedger_IsRestoredFromItsCopy_AndReconcilesWithOmsToTheCent()
    {
        var ids = new List<string>();
        foreach (var amount in Paid)
        {
            ids.Add(await ground.StartCashInAsync());
            await ground.PayAsync(ids[^1], amount);
            await ground.UntilPhaseAsync(ids[^1], "Completed");
        }

        var before = await ReconcileAsync();
        var copy = await CommandAsync("ledger", "export");
        await LoseAsync("OmsSettlements");
        await LoseAsync("OmsIntakes");
        var lost = await ReconcileAsync();
        var restored = await CommandAsync("ledger", "restore", copy["name"]!.GetValue<string>());
        var after = await ReconcileAsync();

        before["balanced"]!.GetValue<bool>().Should().BeTrue();
        before["totals"]![0]!["creditedCount"]!.GetValue<int>().Should().Be(Paid.Length);
        lost["totals"]![0]!["creditedCount"]!.GetValue<int>().Should().Be(0, "or nothing was lost");
        restored["added"]!.GetValue<int>().Should().Be(2 * Paid.Length);
        after["balanced"]!.GetValue<bool>().Should().BeTrue();
        JsonNode.DeepEquals(after["totals"], before["totals"])
            .Should().BeTrue($"{after["totals"]} is what was there before: {before["totals"]}");
        foreach (var id in ids)
            LocalMachine.Phase(await ground.App.GetCashInAsync(id, default)).Should().Be("Completed");
    }

    private Task<JsonObject> ReconcileAsync() => ground.App.GetAsync("operations/reconciliation", default);

    private async Task LoseAsync(string name)
    {
        var table = new TableClient(ground.Machine.Azurite.ConnectionString, name);
        await foreach (var row in table.QueryAsync<TableEntity>())
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey);
    }

    /// <summary>The app as a command, with neither OMS's key nor the applicants' keys, as an operator would run it.</summary>
    private async Task<JsonObject> CommandAsync(params string[] command)
    {
        var app = Path.Combine(Programs.App, "OmsWorkflows.Functions.dll");
        var start = new ProcessStartInfo(Programs.Dotnet, [app, .. command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["Oms__BaseUrl"] = ground.Machine.Sandbox.Url;
        start.Environment["Tables__ConnectionString"] = ground.Machine.Azurite.ConnectionString;
        start.Environment["Backup__ConnectionString"] = ground.Machine.Azurite.ConnectionString;
        start.Environment["Secrets__File"] = Path.Combine(ground.Machine.Folder, "none.json");
        start.Environment["DataProtection__Directory"] = Path.Combine(ground.Machine.Folder, "none");
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(0, $"{output}{await errors}");
        return JsonNode.Parse(output)!.AsObject();
    }
}
