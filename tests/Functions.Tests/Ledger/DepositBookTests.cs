using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using OmsWorkflows.Functions.Tests.BankDeposits;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Functions.Tests.Tables;
using OmsWorkflows.Ledger;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Functions.Tests.Ledger;

/// <summary>However often and in whatever order a bank deposit is looked at, the ledger says what OMS says of it.</summary>
public sealed class DepositBookTests : IAsyncLifetime
{
    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly BankMoney _bank = new();
    private readonly Heard _heard = new();
    private OmsHarness _oms = null!;
    private SettlementLedger _ledger = null!;

    private DepositBook Book => Watching.Book(_oms.Client, _ledger, _heard);

    public async ValueTask InitializeAsync()
    {
        _oms = await OmsHarness.StartAsync();
        _oms.Stub.Answer = _bank.AnswerAsync;
        _ledger = NewLedger();
    }

    public ValueTask DisposeAsync() => _oms.DisposeAsync();

    [Fact]
    public async Task A_completed_deposit_is_booked_to_its_customer_and_told_once()
    {
        _bank.Put("txn_1");

        (await LookAsync("txn_1")).Should().BeTrue();
        (await LookAsync("txn_1")).Should().BeTrue();

        (await FindAsync("txn_1"))!.Should().BeEquivalentTo(new
        {
            State = SettlementState.Booked,
            Settlement = new
            {
                Kind = SettlementKind.BankDeposit,
                BankMoney.CustomerId,
                CashInId = "",
                VirtualAccountId = "va_1",
                Rail = "ach",
                Gross = 250.00m,
                Fees = 1.25m,
                Net = 248.75m,
                Asset = "usdc",
                InstanceId = (string?)null,
            },
        });
        _heard.Told.Should().Equal(("txn_1", SettlementState.Booked));
    }

    [Fact]
    public async Task One_that_is_under_way_is_not_written_down()
    {
        _bank.Put("txn_1", transaction => transaction["status"] = "processing");

        (await LookAsync("txn_1")).Should().BeFalse();

        (await FindAsync("txn_1")).Should().BeNull();
    }

    [Fact]
    public async Task One_that_the_bank_takes_back_is_returned_whether_it_was_booked_or_not()
    {
        _bank.Put("txn_booked");
        await LookAsync("txn_booked");
        _bank.Fail("txn_booked");
        _bank.Fail("txn_never");

        await LookAsync("txn_booked");
        await LookAsync("txn_never");

        foreach (var id in (string[])["txn_booked", "txn_never"])
            (await FindAsync(id))!.Should().BeEquivalentTo(new { State = SettlementState.Returned, ReturnCode = "deposit_returned" });
        _heard.Told.Should().Equal(
            ("txn_booked", SettlementState.Booked), ("txn_booked", SettlementState.Returned), ("txn_never", SettlementState.Returned));
    }

    [Fact]
    public async Task What_was_read_before_the_return_books_nothing_after_it()
    {
        var before = BankMoney.Read(_bank.Put("txn_1"));
        _bank.Fail("txn_1");
        await LookAsync("txn_1");

        await Book.LookAsync(before, Token);

        (await FindAsync("txn_1"))!.State.Should().Be(SettlementState.Returned);
    }

    [Theory]
    [InlineData("recipientCustomerId", "cst_2")]
    [InlineData("senderCustomerId", "cst_2")]
    public async Task One_that_two_customers_could_own_waits_for_a_person(string member, string customer)
    {
        _bank.Put("txn_1", transaction => transaction[member] = customer);

        (await LookAsync("txn_1")).Should().BeTrue();

        (await FindAsync("txn_1"))!.Should().BeEquivalentTo(
            new { State = SettlementState.Unclaimed, Reason = UnclaimedReason.MoneyDiffers });
        _heard.Told.Should().BeEmpty();
    }

    [Fact]
    public async Task One_into_a_wallet_that_is_not_the_customers_is_unclaimed_until_OMS_corrects_it()
    {
        _bank.Put("txn_1", transaction => transaction["destination"]!["wallet"]!["id"] = "wlt_9");
        await LookAsync("txn_1");
        (await FindAsync("txn_1"))!.State.Should().Be(SettlementState.Unclaimed);

        _bank.Put("txn_1");
        await LookAsync("txn_1");

        (await FindAsync("txn_1"))!.State.Should().Be(SettlementState.Booked);
    }

    [Fact]
    public async Task One_that_names_no_customer_is_unclaimed()
    {
        _bank.Put("txn_1", transaction =>
        {
            transaction.Remove("recipientCustomerId");
            transaction.Remove("senderCustomerId");
        });

        await LookAsync("txn_1");

        (await FindAsync("txn_1"))!.Reason.Should().Be(UnclaimedReason.NoCustomer);
    }

    [Fact]
    public async Task What_could_not_be_told_is_told_at_the_next_look()
    {
        _bank.Put("txn_1");
        _heard.Broken = true;
        await FluentActions.Awaiting(() => LookAsync("txn_1")).Should().ThrowAsync<InvalidOperationException>();
        (await FindAsync("txn_1"))!.State.Should().Be(SettlementState.Booked, "the ledger comes first");

        _heard.Broken = false;
        await LookAsync("txn_1");
        await LookAsync("txn_1");

        _heard.Told.Should().Equal(("txn_1", SettlementState.Booked));
    }

    [Fact]
    public async Task A_booking_that_could_not_be_told_before_the_return_is_told_before_it()
    {
        _bank.Put("txn_1");
        _heard.Broken = true;
        await FluentActions.Awaiting(() => LookAsync("txn_1")).Should().ThrowAsync<InvalidOperationException>();
        _bank.Fail("txn_1");
        _heard.Broken = false;

        await LookAsync("txn_1");

        _heard.Told.Should().Equal(("txn_1", SettlementState.Booked), ("txn_1", SettlementState.Returned));
        (await FindAsync("txn_1"))!.Announcements.Should().Be(2);
    }

    [Theory]
    [InlineData("""{ "id": "txn_1", "type": "fiatToCrypto", "status": "completed", "source": { "network": "usBank" } }""", true)]
    [InlineData("""{ "id": "txn_1", "type": "fiatToCrypto", "status": "completed", "virtualAccountId": "va_1" }""", true)]
    [InlineData("""{ "id": "txn_1", "type": "fiatToCrypto", "status": "completed", "source": { "network": "cash" } }""", false)]
    [InlineData("""{ "id": "txn_1", "type": "fiatToCrypto", "status": "completed" }""", false)]
    [InlineData("""{ "id": "t", "type": "fiatToCrypto", "status": "failed", "cashInId": "c", "source": { "network": "ach" } }""", false)]
    [InlineData("""{ "id": "txn_1", "type": "cryptoToCrypto", "status": "completed", "source": { "network": "polygon" } }""", false)]
    public void Only_what_says_that_it_came_from_a_bank_did(string json, bool expected)
        => BankMoney.Read(System.Text.Json.Nodes.JsonNode.Parse(json)!.AsObject()).IsBankDeposit().Should().Be(expected);

    /// <summary>
    /// Deposits and cash-ins of one customer, all of the same amount, each booked, told and taken back by several at the same time.
    /// </summary>
    [Fact]
    public Task Whatever_races_each_cent_is_credited_once_while_OMS_has_it_and_never_after()
        => Gen.Select(Gen.Int[0, 3].Array[1, 6], Gen.Int[0, 1000]).SampleAsync(async (kinds, seed) =>
        {
            _ledger = NewLedger();
            var work = new List<Func<Task>>();
            foreach (var (i, kind) in kinds.Index())
            {
                var id = $"txn_{i}";
                var read = BankMoney.Read(_bank.Put(id, kind == 3 ? transaction => MakeCashIn(transaction, i) : null));
                if (kind == 3)
                {
                    work.AddRange(Enumerable.Repeat(() => BookCashInAsync(read, i), 3));
                    continue;
                }

                work.AddRange(Enumerable.Repeat(() => Book.LookAsync(read, Token) as Task, 3));
                if (kind == 0)
                    continue;
                _bank.Fail(id);
                work.AddRange(Enumerable.Repeat(() => LookAsync(id) as Task, kind));
            }

            var shuffled = work.ToArray();
            new Random(seed).Shuffle(shuffled);
            await Task.WhenAll(shuffled.Select(each => Task.Run(each)));

            foreach (var (i, kind) in kinds.Index())
            {
                var record = (await FindAsync($"txn_{i}"))!;
                var expected = kind is 1 or 2 ? SettlementState.Returned : SettlementState.Booked;
                var owner = kind == 3 ? $"j{i}" : null;
                if (record.State != expected || record.Settlement.Net != 248.75m || record.Settlement.InstanceId != owner)
                    return false;
            }

            return true;
        }, iter: 60, threads: 1);

    private static void MakeCashIn(System.Text.Json.Nodes.JsonObject transaction, int i)
    {
        transaction.Remove("virtualAccountId");
        transaction["cashInId"] = $"ci_{i}";
        transaction["source"]!["network"] = "cash";
    }

    private async Task BookCashInAsync(Transaction transaction, int i)
    {
        var watch = Watching.For(_oms.Client, _ledger, _heard);
        var money = transaction.ToSettlement()! with { InstanceId = $"j{i}" };
        await _ledger.BookAsync(money, Token);
        await watch.IsClosedAsync(transaction.Id, null, Token);
    }

    private static SettlementLedger NewLedger()
        => new(new InMemoryTables().Open(), TimeProvider.System, NullLogger<SettlementLedger>.Instance);

    private async Task<bool> LookAsync(string id) => await Book.LookAsync(await _oms.Client.GetTransactionAsync(id, Token), Token);

    private Task<SettlementRecord?> FindAsync(string id) => _ledger.FindAsync(id, Token);

    private sealed class Heard : IDepositListener
    {
        private readonly List<(string Id, SettlementState State)> _told = [];

        public IReadOnlyList<(string Id, SettlementState State)> Told => _told;

        public bool Broken { get; set; }

        public Task HearAsync(SettlementRecord deposit, CancellationToken cancellationToken)
        {
            if (Broken)
                throw new InvalidOperationException("Nobody hears.");
            lock (_told)
                _told.Add((deposit.Settlement.TransactionId, deposit.State));
            return Task.CompletedTask;
        }
    }
}
