using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Ledger;

namespace OmsWorkflows.Functions.Tests.Ledger;

public sealed class SettlementLedgerTests(Azurite azurite)
{
    private static readonly CancellationToken Token = CancellationToken.None;
    private static readonly DateTimeOffset SettledAt = new(2026, 6, 10, 15, 20, 4, TimeSpan.Zero);
    private static readonly Settlement Money = new(
        "txn_1", "ci_1", "cst_1", 120.00m, 2.30m, 117.700000m, "usdc", "polygon", "0x1b", SettledAt, "journey");

    private readonly FakeTimeProvider _clock = new(SettledAt.AddMinutes(1));

    [Fact]
    public async Task BookAsync_First_WritesEveryMemberAsItIs()
    {
        var ledger = await LedgerAsync();
        (await ledger.BookAsync(Money, Token)).Should().BeTrue();
        var record = (await ledger.FindAsync("txn_1", Token))!;
        record.Should().Be(new SettlementRecord(Money, SettlementState.Booked, SettledAt.AddMinutes(1), null, null));
        record.Settlement.Net.ToString(System.Globalization.CultureInfo.InvariantCulture).Should().Be("117.700000");
    }

    [Fact]
    public async Task BookAsync_ByTheSameJourneyAtOnce_CreditsOnce()
    {
        var ledger = await LedgerAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ledger.BookAsync(Money, Token)));
        results.Count(first => first).Should().Be(1);
    }

    [Fact]
    public async Task BookAsync_ByManyJourneysAtOnce_CreditsExactlyOne()
    {
        var ledger = await LedgerAsync();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(async i =>
        {
            try
            {
                return await ledger.BookAsync(Money with { InstanceId = $"journey-{i}" }, Token);
            }
            catch (SettlementConflictException)
            {
                return false;
            }
        }));
        outcomes.Count(booked => booked).Should().Be(1);
        (await ledger.ListAsync(SettlementState.Booked, Token).CountAsync()).Should().Be(1);
    }

    [Fact]
    public async Task BookAsync_OtherAmount_IsAConflictThatSaysWhatStands()
    {
        var ledger = await LedgerAsync();
        await ledger.BookAsync(Money, Token);
        var booking = () => ledger.BookAsync(Money with { Net = 117.71m }, Token);
        (await booking.Should().ThrowAsync<SettlementConflictException>()).Which.Existing.Settlement.Should().Be(Money);
    }

    [Fact]
    public async Task BookAsync_Unclaimed_BecomesTheJourneys()
    {
        var ledger = await LedgerAsync();
        (await ledger.KeepUnclaimedAsync(Money, UnclaimedReason.NotBooked, Token)).Should().BeTrue();
        (await ledger.FindAsync("txn_1", Token))!.Settlement.InstanceId.Should().BeNull();
        (await ledger.BookAsync(Money, Token)).Should().BeTrue();
        (await ledger.FindAsync("txn_1", Token))!.Should().BeEquivalentTo(new { State = SettlementState.Booked, Settlement = Money });
        (await ledger.BookAsync(Money, Token)).Should().BeFalse();
    }

    [Fact]
    public async Task BookAsync_WhileAnOperatorMarksItHandled_OnlyOneOfThemWins()
    {
        for (var round = 0; round < 10; round++)
        {
            var ledger = await LedgerAsync();
            await ledger.KeepUnclaimedAsync(Money, UnclaimedReason.NotBooked, Token);
            var outcomes = await Task.WhenAll(
                Outcome(() => ledger.BookAsync(Money, Token)),
                Outcome(() => ledger.MarkHandledAsync("txn_1", "T-1", Token)));
            outcomes.Count(won => won).Should().Be(1);
            (await ledger.FindAsync("txn_1", Token))!.State.Should().Be(outcomes[0] ? SettlementState.Booked : SettlementState.Handled);
        }

        static async Task<bool> Outcome(Func<Task> act)
        {
            try
            {
                await act();
                return true;
            }
            catch (SettlementConflictException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task KeepUnclaimedAsync_AfterBooking_ChangesNothing()
    {
        var ledger = await LedgerAsync();
        await ledger.BookAsync(Money, Token);
        (await ledger.KeepUnclaimedAsync(Money, UnclaimedReason.NotBooked, Token)).Should().BeFalse();
        (await ledger.FindAsync("txn_1", Token))!.State.Should().Be(SettlementState.Booked);
    }

    [Fact]
    public async Task AttachAsync_Unclaimed_CreditsTheJourneyAndMayBeRepeated()
    {
        var ledger = await LedgerAsync();
        await ledger.KeepUnclaimedAsync(Money, UnclaimedReason.NoCashIn, Token);
        (await ledger.AttachAsync("txn_1", "other", "T-1", Token))!.Should().BeEquivalentTo(
            new
            {
                State = SettlementState.Attached,
                Reference = "T-1",
                Reason = UnclaimedReason.NoCashIn,
                Settlement = new { InstanceId = "other" },
            });
        (await ledger.AttachAsync("txn_1", "other", "T-1", Token))!.State.Should().Be(SettlementState.Attached);
        // The journey it was attached to may find the settlement itself, and must not fail over it.
        (await ledger.BookAsync(Money with { InstanceId = "other" }, Token)).Should().BeFalse();
        var attaching = () => ledger.AttachAsync("txn_1", "third", "T-2", Token);
        await attaching.Should().ThrowAsync<SettlementConflictException>();
        var booking = () => ledger.BookAsync(Money, Token);
        await booking.Should().ThrowAsync<SettlementConflictException>();
    }

    [Fact]
    public async Task AttachAsync_Unknown_IsNull()
        => (await (await LedgerAsync()).AttachAsync("txn_1", "journey", "T-1", Token)).Should().BeNull();

    [Fact]
    public async Task ListAsync_ByStateAndByTime_FindsThose()
    {
        var ledger = await LedgerAsync();
        await ledger.BookAsync(Money, Token);
        await ledger.KeepUnclaimedAsync(
            Money with { TransactionId = "txn_2", SettledAt = SettledAt.AddHours(1) }, UnclaimedReason.NotBooked, Token);
        (await ledger.ListAsync(SettlementState.Unclaimed, Token).Select(r => r.Settlement.TransactionId).ToListAsync()).Should()
            .Equal("txn_2");
        (await ledger.ListAsync(SettledAt, SettledAt, Token).Select(r => r.Settlement.TransactionId).ToListAsync()).Should().Equal("txn_1");
    }

    private async Task<SettlementLedger> LedgerAsync() => new(await azurite.TablesAsync(), _clock, NullLogger<SettlementLedger>.Instance);
}
