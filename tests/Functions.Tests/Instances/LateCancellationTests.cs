using OmsWorkflows.Journeys;
using OmsWorkflows.Payouts;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Instances;

/// <summary>A cancellation that was accepted and comes just before what cannot be called back.</summary>
public sealed class LateCancellationTests
{
    [Fact]
    public async Task A_payout_cancelled_while_its_next_price_is_asked_for_is_not_made_although_prices_are_accepted_unasked()
    {
        var world = new World(new Interleaving(_ => 0));
        world.Oms.QuotesThatDiffer = 1;
        var id = JourneyId.From(PayoutEndpoints.Kind.Prefix, "order-1");
        world.Oms.Asked = request =>
        {
            if (request == "POST /quotes" && world.Oms.Quotes.Count == 1)
                world.Engine.Find(id)!.Raise(new Signal { Command = CommandNames.Cancel, DeliveryId = "cancel-1" });
        };
        var body = new { customerId = "cst_1", walletId = "wlt_1", externalAccountId = "cpUsBank_1", send = 25m, autoConfirm = true };

        await world.NewInstance().Payout.StartPayout(AppInstance.Request(body, "order-1"), world.Engine, CancellationToken.None);
        (await world.RunAsync()).Should().BeEmpty();

        world.Engine.Find(id)!.Status!.Phase.Should().Be(JourneyPhase.Cancelled);
        world.Oms.Transactions.Should().BeEmpty();
    }
}
