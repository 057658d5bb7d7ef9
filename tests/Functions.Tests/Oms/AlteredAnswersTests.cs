using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Functions.Tests.Oms;

/// <summary>
/// Whatever happens to an answer on the way, it says the truth, or nothing, or that OMS refused: never something else. An edit replaces one
/// member or item by a value of another form, takes it away, doubles it, or cuts the body; it never writes another plausible value, which
/// nobody could tell from the truth. CsCheck prints the seed of a failure.
/// </summary>
public sealed class AlteredAnswersTests
{
    private static readonly string[] Junk =
        ["null", "[]", "{}", "true", "1e5", "-1E2", "\"\"", "\" \"", "\"\\ud83d\"", "\"Na N\"", "\"é\"", "[null]",
            "{\"error\":{\"code\":\"internal\"}}"];

    private static readonly Gen<(int Where, int What, int Junk)> Edits =
        Gen.Select(Gen.Int[0, 500], Gen.Int[0, 9], Gen.Int[0, Junk.Length - 1]);

    [Fact]
    public Task Cash_in_altered_is_the_same_or_unreadable() => SampleAsync(
        "resources/cash-in.completed.json",
        (oms, id) => oms.GetCashInAsync(id, default),
        cashIn => [cashIn.Status, cashIn.Source?.Amount, cashIn.Destination?.AmountNet, cashIn.TransactionId,
            cashIn.DepositInstructions?.ExpiresAt]);

    [Fact]
    public Task Transaction_altered_is_the_same_or_unreadable() => SampleAsync(
        "resources/transaction.fiatToCrypto.completed.json",
        (oms, id) => oms.GetTransactionAsync(id, default),
        transaction
        => [
            transaction.Status, transaction.Type, transaction.CashInId, transaction.Source?.AmountGross,
            transaction.Source?.FeesDeducted?.Total,
            transaction.Destination?.AmountNet, transaction.Destination?.Asset, transaction.Destination?.Wallet?.Id,
            transaction.CompletedAt,
        ]);

    [Fact]
    public Task Customer_altered_is_the_same_or_unreadable() => SampleAsync(
        "resources/customer.active.json",
        (oms, id) => oms.GetCustomerAsync(id, default),
        customer
            => [.. customer.Endorsements.Where(each => each.Status != EndorsementStatus.Unknown).Select(
                each => (object)(each.Name, each.Status))],
        subset: true);

    [Fact]
    public Task Wallets_altered_are_the_same_or_unreadable() => SampleAsync(
        "resources/wallets.list.json",
        (oms, _) => oms.ListWalletsAsync("cst_01kt7jrjg0fe8r4h0sywah9cxv", default),
        wallets => [wallets.Single().Id, wallets.Single().Holds("usdc", "polygon")]);

    /// <param name="fixture">The true answer.</param>
    /// <param name="ask">Asks for it.</param>
    /// <param name="facts">What is decided by. Null stands for "OMS did not say", which is no fact.</param>
    /// <param name="subset">Whether facts may be missing instead of being null.</param>
    private static async Task SampleAsync<T>(
        string fixture, Func<OmsClient, string, Task<T>> ask, Func<T, object?[]> facts, bool subset = false)
    {
        await using var oms = await OmsHarness.StartAsync(null, ("Oms:RetryAttempts", "1"));
        var id = (string?)Fixture.Node(fixture)["id"] ?? "";
        oms.Stub.Answer = OmsStub.Json(HttpStatusCode.OK, Fixture.Text(fixture));
        var truth = facts(await ask(oms.Client, id));
        var read = 0;

        await Edits.SampleAsync(
            async edit =>
            {
                var body = Alter(Fixture.Node(fixture), edit.Where, edit.What, Junk[edit.Junk]);
                oms.Stub.Answer = OmsStub.Json(HttpStatusCode.OK, body);
                try
                {
                    var said = facts(await ask(oms.Client, id));
                    read++;
                    return subset
                        ? said.All(fact => truth.Contains(fact))
                        : said.Zip(truth).All(pair => pair.First is null || pair.First.Equals(pair.Second) || IsUnknown(pair.First));
                }
                catch (OmsNoAnswerException)
                {
                    return true;
                }
            },
            iter: 400, threads: 1);

        read.Should().BePositive("most edits are of members nobody uses");
    }

    private static bool IsUnknown(object fact) => fact is CashInStatus.Unknown or TransactionStatus.Unknown;

    private static string Alter(JsonNode answer, int where, int what, string junk)
    {
        var places = Places(answer).ToList();
        var place = places[where % places.Count];
        const string Mark = "\"@@\"";
        switch (what)
        {
            case 0:
                return Cut(answer.ToJsonString(), where);
            case 1 when place.Parent is JsonObject parent:
                parent.Remove(place.GetPropertyName());
                return answer.ToJsonString();
            case 2 when place.Parent is JsonObject:
                var (name, old) = (place.GetPropertyName(), place.ToJsonString());
                place.ReplaceWith("@@");
                return answer.ToJsonString().Replace($"\"{name}\":{Mark}", $"\"{name}\":{old},\"{name}\":{junk}", StringComparison.Ordinal);
            default:
                place.ReplaceWith("@@");
                return answer.ToJsonString().Replace(Mark, junk, StringComparison.Ordinal);
        }
    }

    private static string Cut(string body, int where) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(body)[..(where % body.Length)]);

    private static IEnumerable<JsonNode> Places(JsonNode node) => node switch
    {
        JsonObject members => members.Select(member => member.Value).OfType<JsonNode>().SelectMany(each => Places(each).Prepend(each)),
        JsonArray items => items.OfType<JsonNode>().SelectMany(each => Places(each).Prepend(each)),
        _ => [],
    };
}
