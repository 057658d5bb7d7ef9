using OmsWorkflows.Ledger;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Functions.Tests.Ledger;

/// <summary>Money that is not what was asked for, what the till said, or what itself adds up to is never booked unseen.</summary>
public sealed class MoneyComparisonTests
{
    private const string Customer = "cst_1";
    private const string WalletId = "wlt_1";

    private readonly CashIn _cashIn = new()
    {
        Id = "ci_1",
        CustomerId = Customer,
        Status = CashInStatus.Completed,
        TransactionId = "txn_1",
        Source = new() { Asset = "usd", Amount = 120m },
    };

    private readonly Transaction _transaction = new()
    {
        Id = "txn_1",
        Type = "fiatToCrypto",
        Status = TransactionStatus.Completed,
        CashInId = "ci_1",
        SenderCustomerId = Customer,
        RecipientCustomerId = Customer,
        Source = new() { Asset = "usd", AmountGross = 120m, FeesDeducted = new() { Total = 2.30m } },
        Destination = new() { Asset = "usdc", Network = "polygon", AmountNet = 117.70m, Wallet = new() { Id = WalletId } },
    };

    [Fact]
    public void Money_that_is_as_it_should_be_has_no_differences() => Differences(_cashIn, _transaction).Should().BeEmpty();

    [Theory]
    [InlineData("fiatToCrypto")]
    [InlineData("FIAT_TO_CRYPTO")]
    [InlineData("fiat-to-crypto")]
    public void A_type_is_a_word_however_it_is_spelt(string type)
    {
        Differences(_cashIn, _transaction with { Type = type }).Should().BeEmpty();
        (_transaction with { Type = type }).IsCashToTokens().Should().BeTrue();
    }

    [Theory]
    [InlineData("-117.70")]
    [InlineData("0")]
    [InlineData("117.71")]
    [InlineData("1177.00")]
    public void A_net_amount_is_more_than_nothing_and_no_more_than_came_in_less_the_fees(string net)
        => Differences(
            _cashIn,
            _transaction with
            {
                Destination = _transaction.Destination! with
                {
                    AmountNet = decimal.Parse(net, System.Globalization.CultureInfo.InvariantCulture),
                },
            })
            .Should().Equal("transaction.destination.amountNet");

    [Fact]
    public void An_amount_that_is_not_there_is_no_amount()
        => Differences(_cashIn, _transaction with { Destination = _transaction.Destination! with { AmountNet = null } })
            .Should().Equal("transaction.destination.amountNet");

    [Theory]
    [InlineData("0xAbCd", "0xabcd", true)]
    [InlineData("0xAbCd", "0xabce", false)]
    [InlineData("4Nd1", "4nd1", false)]
    public void Capitals_of_an_address_tell_two_apart_unless_it_is_hexadecimal(string wallets, string said, bool same)
    {
        var wallet = new Wallet { Id = WalletId, Address = wallets, Asset = "usdc", Chain = "polygon", Status = WalletStatus.Active };
        var target = new WalletTarget { BlockchainAddress = said };
        var deposit = _transaction with { CashInId = null, Destination = _transaction.Destination! with { Wallet = target } };

        MoneyComparison.OfDeposit(deposit, Customer, [wallet], account: null).Should().HaveCount(same ? 0 : 1);
    }

    [Fact]
    public void The_till_said_what_came_in()
    {
        Differences(_cashIn with { Source = new() { Amount = 100m } }, _transaction).Should().Equal("cashIn.source.amount");
        Differences(_cashIn with { Source = null }, _transaction).Should().Equal("cashIn.source.amount");
    }

    [Theory]
    [InlineData("usdt", "polygon", "transaction.destination.asset")]
    [InlineData("usdc", "ethereum", "transaction.destination.network")]
    [InlineData(null, "polygon", "transaction.destination.asset")]
    public void Asset_and_network_are_those_that_were_asked_for(string? asset, string network, string member)
        => Differences(_cashIn, _transaction with { Destination = _transaction.Destination! with { Asset = asset, Network = network } })
            .Should().Equal(member);

    [Fact]
    public void Spelling_is_no_difference()
        => Differences(_cashIn, _transaction with { Destination = _transaction.Destination! with { Asset = "USDC", Network = "Polygon" } })
            .Should().BeEmpty();

    [Fact]
    public void It_is_this_cash_in_this_customer_and_this_wallet()
    {
        Differences(_cashIn, _transaction with { CashInId = "ci_2" }).Should().Equal("transaction.cashInId");
        Differences(_cashIn, _transaction with { RecipientCustomerId = "cst_2" }).Should().Equal("transaction.recipientCustomerId");
        Differences(_cashIn, _transaction with { SenderCustomerId = "cst_2" }).Should().Equal("transaction.senderCustomerId");
        Differences(_cashIn with { CustomerId = "cst_2" }, _transaction).Should().Equal("cashIn.customerId");
        Differences(_cashIn, _transaction with { Type = "cryptoToFiat" }).Should().Equal("transaction.type");
        Differences(_cashIn, _transaction with { Destination = _transaction.Destination! with { Wallet = new() { Id = "wlt_2" } } })
            .Should().Equal("transaction.destination.wallet");
    }

    [Fact]
    public void Fees_are_not_negative()
        => Differences(_cashIn, _transaction with { Source = _transaction.Source! with { FeesDeducted = new() { Total = -1m } } })
            .Should().Contain("transaction.feesDeducted");

    private static IReadOnlyList<string> Differences(CashIn cashIn, Transaction transaction)
        => MoneyComparison.Of(cashIn, transaction, Customer, WalletId);
}
