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
    public async Task Book_first_writes_every_member_as_it_is()
    {
        var ledger = await LedgerAsync();

        (await ledger.BookAsync(Money, Token)).Should().BeTrue();
        var record = (await ledger.FindAsync("txn_1", Token))!;
        record.Should().Be(new SettlementRecord(Money, SettlementState.Booked, SettledAt.AddMinutes(1), null, null));
        record.Settlement.Net.ToString(System.Globalization.CultureInfo.InvariantCulture).Should().Be("117.700000");
    }

    [Fact]
    public async Task Book_by_the_same_journey_at_once_credits_once()
    {
        var ledger = await LedgerAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ledger.BookAsync(Money, Token)));

        results.Count(first => first).Should().Be(1);
    }

    [Fact]
    public async Task Book_by_many_journeys_at_once_credits_exactly_one()
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
        (await ledger.Lists.ListAsync(SettlementState.Booked, Token).CountAsync()).Should().Be(1);
    }

    [Fact]
    public async Task Book_other_amount_is_a_conflict_that_says_what_stands()
    {
        var ledger = await LedgerAsync();
        await ledger.BookAsync(Money, Token);
        var booking = () => ledger.BookAsync(Money with { Net = 117.71m }, Token);

        (await booking.Should().ThrowAsync<SettlementConflictException>()).Which.Existing.Settlement.Should().Be(Money);
    }

    [Fact]
    public async Task Book_unclaimed_becomes_the_journeys()
    {
        var ledger = await LedgerAsync();

        (await ledger.KeepUnclaimedAsync(Money, UnclaimedReason.NotBooked, Token)).Should().BeTrue();
        (await ledger.FindAsync("txn_1", Token))!.Settlement.InstanceId.Should().BeNull();
        (await ledger.BookAsync(Money, Token)).Should().BeTrue();
        (await ledger.FindAsync("txn_1", Token))!.Should().BeEquivalentTo(new { State = SettlementState.Booked, Settlement = Money });
        (await ledger.BookAsync(Money, Token)).Should().BeFalse();
    }

    [Fact]
    public async Task Book_while_an_operator_marks_it_handled_only_one_of_them_wins()
    {
        for (var round = 0; round < 10; round++)
        {
            var ledger = await LedgerAsync();
            await ledger.KeepUnclaimedAsync(Money, UnclaimedReason.NotBooked, Token);
            var outcomes = await Task.WhenAll(
                Outcome(() => ledger.BookAsync(Money, Token)),
                Outcome(() => ledger.MarkHandledAsync("txn_1", ByHand.With("T-1"), Token)));
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
    public async Task Keep_unclaimed_after_booking_changes_nothing()
    {
        var ledger = await LedgerAsync();
        await ledger.BookAsync(Money, Token);

        (await ledger.KeepUnclaimedAsync(Money, UnclaimedReason.NotBooked, Token)).Should().BeFalse();
        (await ledger.FindAsync("txn_1", Token))!.State.Should().Be(SettlementState.Booked);
    }

    [Fact]
    public async Task Attach_unclaimed_credits_the_journey_and_may_be_repeated()
    {
        var ledger = await LedgerAsync();
        await ledger.KeepUnclaimedAsync(Money, UnclaimedReason.NoCashIn, Token);

        (await ledger.AttachAsync("txn_1", "other", ByHand.With("T-1"), Token))!.Should().BeEquivalentTo(
            new
            {
                State = SettlementState.Attached,
                Reference = "T-1",
                Reason = UnclaimedReason.NoCashIn,
                Settlement = new { InstanceId = "other" },
            });
        (await ledger.AttachAsync("txn_1", "other", ByHand.With("T-1"), Token))!.State.Should().Be(SettlementState.Attached);
        // The journey it was attached to may find the settlement itself, and must not fail over it.
        (await ledger.BookAsync(Money with { InstanceId = "other" }, Token)).Should().BeFalse();
        var attaching = () => ledger.AttachAsync("txn_1", "third", ByHand.With("T-2"), Token);
        await attaching.Should().ThrowAsync<SettlementConflictException>();
        var booking = () => ledger.BookAsync(Money, Token);
        await booking.Should().ThrowAsync<SettlementConflictException>();
    }

    [Fact]
    public async Task Attach_unknown_is_null()
        => (await (await LedgerAsync()).AttachAsync("txn_1", "journey", ByHand.With("T-1"), Token)).Should().BeNull();

    [Fact]
    public async Task List_by_state_and_by_time_finds_those()
    {
        var ledger = await LedgerAsync();
        await ledger.BookAsync(Money, Token);
        await ledger.KeepUnclaimedAsync(
            Money with { TransactionId = "txn_2", SettledAt = SettledAt.AddHours(1) }, UnclaimedReason.NotBooked, Token);

        (await ledger.Lists.ListAsync(SettlementState.Unclaimed, Token).Select(r => r.Settlement.TransactionId).ToListAsync()).Should()
            .Equal("txn_2");
        (await ledger.Lists.ListIdsAsync(SettledAt, SettledAt, Token).Select(listed => listed.TransactionId).ToListAsync()).Should()
            .Equal("txn_1");
    }

    private async Task<SettlementLedger> LedgerAsync() => new(await azurite.TablesAsync(), _clock, NullLogger<SettlementLedger>.Instance);
}
