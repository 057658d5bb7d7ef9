using System.Text.Json.Serialization;
using OmsWorkflows.Local.Sandbox.Http;

namespace OmsWorkflows.Local.Sandbox.CashIns;

/// <summary>The till's answer; account and reference number come with an approved scan and are needed for the commit.</summary>
internal sealed record TillAnswer(
    string AuthorizedAmount, string ConfirmationId, string ResponseCode, string ResponseId, string ResponseText,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AccountNumber = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AccountReferenceNumber = null)
{
    [JsonIgnore]
    public bool Approved => ResponseCode == "00";
}

/// <summary>A commit (docs/oms-api.md 10).</summary>
internal sealed record TillCommit(
    string AccountNumber, string AccountReferenceNumber, decimal Amount, string OriginalConfirmationId, string? CustomerId)
{
    public static TillCommit Read(JsonBody body)
    {
        var commit = new TillCommit(
            body.RequiredText("accountNumber"), body.RequiredText("accountReferenceNumber"), body.RequiredMoney("amount"),
            body.RequiredText("originalConfirmationId"), body.Text("customerId"));
        body.Text("description");
        body.Check();
        return commit;
    }
}
