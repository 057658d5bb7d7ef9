using System.Net;
using Azure;
using OmsWorkflows.Functions.Tests.Tables;

namespace OmsWorkflows.Functions.Tests.Notifications;

/// <summary>
/// Every call of the tables fails once, before or after its effect, and the process dies of it; with every receiver of a set. Whatever
/// comes, each message is taken in order, or it is a dead letter, and nothing is left due.
/// </summary>
public sealed class NotificationCrashTests
{
    private const int Messages = 3;
    private const int MostPasses = 60;

    private static readonly string[] Subjects = ["ci-1", "ci-2"];

    /// <summary>What the receiver answers to a message, given how often it came: null loses the answer.</summary>
    private static readonly Dictionary<string, Func<Told, int, HttpStatusCode?>> Receivers = new()
    {
        ["takes all"] = (_, _) => HttpStatusCode.OK,
        ["refuses each once"] = (_, times) => times == 1 ? HttpStatusCode.InternalServerError : HttpStatusCode.OK,
        ["refuses the first twice"] = (told, times)
            => told.Sequence == 1 && times <= 2 ? HttpStatusCode.TooManyRequests : HttpStatusCode.OK,
        ["answers nothing to the second"] = (told, times) => told.Sequence == 2 && times == 1 ? null : HttpStatusCode.OK,
        ["never takes the second"] = (told, _) => told.Sequence == 2 ? HttpStatusCode.BadRequest : HttpStatusCode.OK,
        ["never takes anything of one"] = (told, _) => told.Subject == "ci-1" ? null : HttpStatusCode.OK,
    };

    public static TheoryData<string> Names => [.. Receivers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Whatever_fails_nothing_is_lost_and_the_order_holds(string receiver)
    {
        var calls = await RunAsync(receiver, int.MaxValue, TableFailure.None);
        calls.Should().BeGreaterThan(20);
        foreach (var failure in (TableFailure[])[TableFailure.Before, TableFailure.After])
            for (var call = 1; call <= calls; call++)
                await RunAsync(receiver, call, failure);
    }

    /// <summary>Answers how many calls it took.</summary>
    private static async Task<int> RunAsync(string receiver, int failing, TableFailure failure)
    {
        using var ground = new NotificationGround();
        ground.Receiver.Answer = Receivers[receiver];
        var calls = 0;
        ground.Memory.Failing = _ => ++calls == failing ? failure : TableFailure.None;

        // As journeys do: one after the other, each until it is written, while the sender is at work.
        for (var sequence = 1; sequence <= Messages; sequence++)
        {
            foreach (var subject in Subjects)
                await UntilWrittenAsync(ground, subject, sequence);
            await ground.PassAsync(TimeSpan.FromSeconds(6));
        }

        for (var pass = 0; pass < MostPasses && await ground.CountDueAsync() > 0; pass++)
        {
            ground.StartAnew();
            await ground.PassAsync(TimeSpan.FromHours(7));
        }

        var because = $"{receiver}, call {failing} failed {failure}";
        ground.Memory.Failing = _ => TableFailure.None;
        (await ground.CountDueAsync()).Should().Be(0, because);
        var dead = (await ground.Letters.ListAsync(100, null, CancellationToken.None)).Data;
        foreach (var subject in Subjects)
        {
            var taken = ground.Receiver.Took.Where(told => told.Subject == subject).Select(told => told.Sequence).Distinct().ToList();
            taken.Should().BeInAscendingOrder(because);
            taken.Concat(dead.Where(letter => letter.Subject == subject).Select(letter => letter.Sequence)).Distinct()
                .Should().BeEquivalentTo([1L, 2L, 3L], because);
        }

        return calls;
    }

    private static async Task UntilWrittenAsync(NotificationGround ground, string subject, int sequence)
    {
        while (true)
        {
            try
            {
                await ground.AddAsync(subject, sequence);
                return;
            }
            catch (RequestFailedException)
            {
                ground.StartAnew();
            }
        }
    }
}
