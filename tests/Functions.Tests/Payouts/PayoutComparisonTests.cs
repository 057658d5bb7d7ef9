using OmsWorkflows.Oms;
using OmsWorkflows.Payouts;

namespace OmsWorkflows.Functions.Tests.Payouts;

/// <summary>
/// Only a price that is exactly what was ordered is executed without a person, and only a transfer that is its price has landed.
/// </summary>
public sealed class PayoutComparisonTests
{
    private static readonly PayoutOrder Order = new("cst_1", "wlt_1", "cpUsBank_1", "ach", 25.00m, null);

    private readonly Quote _quote = new()
    {
        Id = "qt_1",
        CustomerId = "cst_1",
        Status = QuoteStatus.Open,
        ExpiresAt = DateTimeOffset.UnixEpoch,
        Source = new() { WalletId = "wlt_1", Asset = "usdc", Network = "polygon", AmountGross = 25m },
        Destination = new() { Asset = "usd", Network = "ach", AmountNet = 24.75m, Wallet = new() { ExternalAccount = "cpUsBank_1" } },
    };

    [Fact]
    public void A_price_of_what_was_ordered_has_no_differences() => PayoutComparison.Of(Order, _quote).Should().BeEmpty();

    [Fact]
    public void What_is_sent_is_what_was_ordered()
        => PayoutComparison.Of(Order, _quote with { Source = _quote.Source! with { AmountGross = 2500m } })
            .Should().Equal("quote.source.amountGross");

    [Fact]
    public void What_arrives_is_what_was_ordered()
    {
        var order = Order with { Send = null, Receive = 24.75m };

        PayoutComparison.Of(order, _quote).Should().BeEmpty();
        PayoutComparison.Of(order, _quote with { Destination = _quote.Destination! with { AmountNet = 24.74m } })
            .Should().Equal("quote.destination.amountNet");
    }

    [Fact]
    public void More_than_was_sent_does_not_arrive()
        => PayoutComparison.Of(Order, _quote with { Destination = _quote.Destination! with { AmountNet = 25.01m } })
            .Should().Equal("quote.feesDeducted");

    [Fact]
    public void It_is_this_customer_this_wallet_and_this_account()
    {
        PayoutComparison.Of(Order, _quote with { CustomerId = "cst_2" }).Should().Equal("quote.customerId");
        PayoutComparison.Of(Order, _quote with { Source = _quote.Source! with { WalletId = "wlt_2" } })
            .Should().Equal("quote.source.walletId");
        PayoutComparison.Of(
            Order, _quote with { Destination = _quote.Destination! with { Wallet = new() { ExternalAccount = "cpUsBank_2" } } })
            .Should().Equal("quote.destination.wallet");
        PayoutComparison.Of(Order, _quote with { Source = _quote.Source! with { Asset = "usdt" } }).Should().Equal("quote.source.asset");
    }

    [Theory]
    [InlineData("ACH", true)]
    [InlineData(null, true)]
    [InlineData("usBank", true)]
    [InlineData("wire", false)]
    [InlineData("cash", false)]
    public void It_goes_by_the_rail_that_was_ordered(string? network, bool same)
        => PayoutComparison.Of(Order, _quote with { Destination = _quote.Destination! with { Network = network } })
            .Should().Equal(same ? [] : ["quote.destination.network"]);

    [Fact]
    public void It_is_taken_from_the_network_of_the_wallet()
        => PayoutComparison.Of(Order, _quote with { Source = _quote.Source! with { Network = "ethereum" } })
            .Should().Equal("quote.source.network");

    [Fact]
    public void A_price_that_says_nothing_is_no_price()
        => PayoutComparison.Of(Order, new Quote { Id = "qt_1", Status = QuoteStatus.Open }).Should().NotBeEmpty();

    [Fact]
    public void A_transfer_is_its_price()
    {
        var executed = new ExecutePayoutRequest("po-1", "cst_1", "qt_1") { Send = 25m, Receive = 24.75m };
        var transaction = new Transaction
        {
            Id = "txn_1",
            Status = TransactionStatus.Completed,
            Type = "cryptoToFiat",
            QuoteId = "qt_1",
            SenderCustomerId = "cst_1",
            Source = new() { AmountGross = 25m },
            Destination = new() { Asset = "usd", AmountNet = 24.75m },
        };

        PayoutComparison.Of(executed, transaction).Should().BeEmpty();
        PayoutComparison.Of(executed, transaction with { QuoteId = "qt_2" }).Should().Equal("transaction.quoteId");
        PayoutComparison.Of(executed, transaction with { Source = new() { AmountGross = 250m } })
            .Should().Equal("transaction.source.amountGross");
        PayoutComparison.Of(executed, transaction with { Destination = new() { AmountNet = 2.475m } })
            .Should().Equal("transaction.destination.amountNet");
    }
}
