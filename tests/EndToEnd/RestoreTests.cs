using System.Diagnostics;
using System.Text.Json;
using Azure.Data.Tables;
using OmsWorkflows.Local.AppHost;
using OmsWorkflows.Machines;

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
        var copy = await CommandAsync<LedgerCopy>("ledger", "export");
        await LoseAsync("OmsSettlements");
        await LoseAsync("OmsIntakes");
        var lost = await ReconcileAsync();
        var restored = await CommandAsync<Restored>("ledger", "restore", copy.Name);
        var after = await ReconcileAsync();

        before.Balanced.Should().BeTrue();
        before.Totals[0].CreditedCount.Should().Be(Paid.Length);
        lost.Totals[0].CreditedCount.Should().Be(0, "or nothing was lost");
        restored.Added.Should().Be(2 * Paid.Length);
        after.Balanced.Should().BeTrue();
        after.Totals.Should().Equal(before.Totals, "that is what was there before");
        foreach (var id in ids)
            (await ground.App.GetCashInAsync(id, default)).Phase.Should().Be("Completed");
    }

    private Task<Report> ReconcileAsync() => ground.App.GetAsync<Report>("operations/reconciliation", default);

    private async Task LoseAsync(string name)
    {
        var table = new TableClient(ground.Machine.Azurite.ConnectionString, name);
        await foreach (var row in table.QueryAsync<TableEntity>())
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey);
    }

    /// <summary>The app as a command, with neither OMS's key nor the applicants' keys, as an operator would run it.</summary>
    private async Task<T> CommandAsync<T>(params string[] command)
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
        return JsonSerializer.Deserialize<T>(output, JsonSerializerOptions.Web)
            ?? throw new InvalidOperationException($"The command answered nothing: {output}");
    }

    private sealed record LedgerCopy(string Name);

    private sealed record Restored(int Added);

    private sealed record Report(bool Balanced, IReadOnlyList<Totals> Totals);

    private sealed record Totals(
        string Asset, int SettledCount, string Settled, int CreditedCount, string Credited, string Unclaimed, string Difference);
}
