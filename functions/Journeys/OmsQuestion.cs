using Microsoft.AspNetCore.Http;
using OmsWorkflows.Http;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Journeys;

/// <summary>A question that an endpoint puts to OMS while its caller waits: what the caller is told when OMS says no, or nothing.</summary>
/// <param name="Refused">The problem when OMS refuses, given a sentence with OMS's code and request id.</param>
/// <param name="WhenSilent">What the caller can do when there is no answer.</param>
internal sealed record OmsQuestion(Func<string, IResult> Refused, string WhenSilent)
{
    /// <summary>Asks, and answers the caller.</summary>
    public async Task<IResult> AnswerAsync(Func<Task<IResult>> ask)
    {
        try
        {
            return await ask();
        }
        catch (OmsRefusedException e)
        {
            return Refused(e.ForCallers);
        }
        catch (OmsNoAnswerException)
        {
            // The client has logged it.
            return Problems.OmsFailed(WhenSilent);
        }
    }

    /// <summary>As the other one, about a customer whom OMS may not know.</summary>
    public Task<IResult> AnswerAboutAsync(string customerId, Func<Task<IResult>> ask)
    {
        if (!OmsId.IsOne(customerId) || customerId.Contains('/', StringComparison.Ordinal))
            return Task.FromResult(Problems.NotFound("customer"));
        return AnswerAsync(async () =>
        {
            try
            {
                return await ask();
            }
            catch (OmsRefusedException e) when (e.IsNotFound)
            {
                return Problems.NotFound("customer");
            }
        });
    }
}
