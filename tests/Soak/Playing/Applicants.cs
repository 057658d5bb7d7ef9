using System.Text.Json.Nodes;
using OmsWorkflows.Local.AppHost.Demo;
using OmsWorkflows.Soak.Plans;
using OmsWorkflows.Soak.Processes;

namespace OmsWorkflows.Soak.Playing;

/// <summary>How OMS reviews an applicant, and what the applicant does about it.</summary>
internal sealed class Applicants(OmsSimulator oms, AppCaller app)
{
    /// <summary>Tells the sandbox before it meets the applicant.</summary>
    public async Task AnnounceAsync(JourneyPlan plan, string externalId, CancellationToken cancellationToken)
    {
        var decision = plan.Review switch
        {
            Review.Slow or Review.Undecided => "never",
            Review.IssuesSupplied or Review.IssuesIgnored => "issues",
            Review.Rejected => "reject",
            _ => null,
        };
        if (plan.KnownCustomer is null && decision is not null)
            await oms.ControlAsync(
                "endorsements", new JsonObject { ["decision"] = decision, ["externalId"] = externalId }, cancellationToken);
    }

    /// <summary>Does what is due while the applicant is reviewed.</summary>
    /// <returns>Whether something was done, so that it is not done again.</returns>
    public async Task<bool> ActAsync(JourneyPlan plan, JsonObject document, TimeSpan waited, CancellationToken cancellationToken)
    {
        switch (plan.Review)
        {
            case Review.Slow when document.Text("phase") == "AwaitingEndorsements" && waited >= plan.Patience:
                await oms.ControlAsync(
                    "endorsements",
                    new JsonObject { ["decision"] = "approve", ["customerId"] = document.Text("customerId") },
                    cancellationToken);
                return true;
            case Review.IssuesSupplied when document.Text("phase") == "AwaitingApplicant":
                return await app.SupplyAsync(document.Text("id")!, Supplement(), cancellationToken);
            default:
                return false;
        }
    }

    private static JsonObject Supplement()
    {
        var applicant = Story.Applicant("");
        return new JsonObject
        {
            ["residentialAddress"] = applicant["residentialAddress"]!.DeepClone(),
            ["identifyingInformation"] = applicant["identifyingInformation"]!.DeepClone(),
        };
    }
}
