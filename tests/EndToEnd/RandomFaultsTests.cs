using System.Globalization;
using System.Security.Cryptography;
using OmsWorkflows.Soak;

namespace OmsWorkflows.EndToEnd;

/// <summary>
/// Many journeys at a time, every fault of the sandbox at random, the app killed in their midst: whatever happened, all books agree to the
/// cent afterwards (docs/decisions/0008-money-is-booked-once.md). The soak does the same for longer (docs/sandbox.md).
/// </summary>
public sealed class RandomFaultsTests(ITestOutputHelper output)
{
    /// <summary>Set it to the seed of a failed run to repeat its plans, faults and kills.</summary>
    private const string SeedVariable = "OMS_WORKFLOWS_SEED";

    [Fact]
    public async Task Journeys_EverythingFailsAtRandom_ReconcileToTheCent()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(15));
        var options = new SoakOptions(Journeys: 48, Kills: 1, FaultPercent: 5, Seed())
        {
            AtOnce = 48,
            Pace = SoakPace.Quick,
            CashAfterTheEnd = false,
        };
        output.WriteLine($"{SeedVariable}={options.Seed}");

        var result = await new SoakRun(options, output.WriteLine).RunAsync(limit.Token);

        result.Violations.Should().BeEmpty(
            $"whatever happens, no money is lost or doubled ({SeedVariable}={options.Seed} repeats this run)");
        // Else the run proved nothing.
        result.Kills.Should().Be(1);
        result.Faults.Should().OnlyContain(fault => fault.Matched > 0).And.Contain(fault => fault.Struck > 0);
        result.Books.Ledger.Should().Contain(row => row.IsBooked);
        output.WriteLine($"{result.Books.Journeys.Count} journeys, {result.Faults.Sum(fault => fault.Struck)} faults, "
            + $"{result.Books.Ledger.Count} settlements in {result.Took.TotalSeconds:0} s");
    }

    private static int Seed()
        => Environment.GetEnvironmentVariable(SeedVariable) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : RandomNumberGenerator.GetInt32(int.MaxValue);
}
