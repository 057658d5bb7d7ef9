using OmsWorkflows.Local.Sandbox.Banking;
using OmsWorkflows.Local.Sandbox.CashIns;
using OmsWorkflows.Local.Sandbox.Customers;
using OmsWorkflows.Local.Sandbox.Transactions;
using OmsWorkflows.Local.Sandbox.Wallets;

namespace OmsWorkflows.Sandbox.Tests.Contract;

/// <summary>All allowed moves, as a table each; what is not in it is not allowed.</summary>
public sealed class StateMachineTests
{
    [Fact]
    public void Cash_in_moves() => Moves<CashInStatus>(CashIn.CanMove).Should().BeEquivalentTo(
        "Pending>Pending", "Pending>Processing", "Pending>Expired", "Pending>Failed",
        "Expired>Pending", "Expired>Processing", "Expired>Failed",
        "Processing>Completed", "Processing>Failed");

    [Fact]
    public void Endorsement_moves() => Moves<EndorsementStatus>(Endorsement.CanMove).Should().BeEquivalentTo(
        "Inactive>Pending", "Pending>Active", "Pending>Issues", "Pending>Rejected",
        "Active>Pending", "Active>RevokedIssues", "Active>Offboarded",
        "Issues>Pending", "Rejected>Pending", "RevokedIssues>Pending");

    [Fact]
    public void Transaction_moves() => Moves<TransactionStatus>(Transaction.CanMove).Should().BeEquivalentTo(
        "Processing>AwaitingAction", "Processing>CashPickupReady", "Processing>Completed", "Processing>Failed",
        "AwaitingAction>Processing", "AwaitingAction>Failed",
        "CashPickupReady>Completed", "CashPickupReady>Failed",
        "Completed>Failed");

    [Fact]
    public void Receiving_account_moves() => Moves<ReceivingStatus>(Receiving.CanMove).Should().BeEquivalentTo(
        "Active>Paused", "Paused>Active", "Active>Deleted", "Paused>Deleted");

    [Fact]
    public void Wallet_moves() => Moves<WalletStatus>(Wallet.CanMove).Should().BeEquivalentTo(
        "Active>Suspended", "Suspended>Active", "Active>Closed", "Suspended>Closed");

    [Theory]
    [InlineData(nameof(EndorsementStatus.RevokedIssues), "REVOKED_ISSUES")]
    [InlineData(nameof(EndorsementStatus.Active), "ACTIVE")]
    public void Endorsement_states_are_upper_case_on_the_wire(string status, string wire)
        => Endorsement.WireName(Enum.Parse<EndorsementStatus>(status)).Should().Be(wire);

    private static IEnumerable<string> Moves<T>(Func<T, T, bool> canMove) where T : struct, Enum
        => from a in Enum.GetValues<T>() from b in Enum.GetValues<T>() where canMove(a, b) select $"{a}>{b}";
}
