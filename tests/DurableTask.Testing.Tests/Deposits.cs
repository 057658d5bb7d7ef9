using System.Collections.Concurrent;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace DurableTask.Testing.Tests;

/// <summary>
/// A small cash-in, as an app would write it: activities, a timer against an event, a sub-orchestration, a continue-as-new.
/// </summary>
public static class Deposits
{
    public const string Id = "deposit";

    [Function(nameof(Deposit))]
    public static async Task<string> Deposit([OrchestrationTrigger] TaskOrchestrationContext context, int round)
    {
        var code = await context.CallActivityAsync<string>(nameof(Till.MakeCode), round);
        using var stopTimer = new CancellationTokenSource();
        var expiry = context.CreateTimer(TimeSpan.FromHours(1), stopTimer.Token);
        var paid = context.WaitForExternalEvent<decimal>("paid");
        if (round == 2)
            context.SendEvent(context.InstanceId, "paid", 100m);
        if (await Task.WhenAny(expiry, paid) == expiry)
        {
            context.ContinueAsNew(round + 1, preserveUnprocessedEvents: true);
            return "";
        }

        stopTimer.Cancel();
        var receipts = await Task.WhenAll(
            context.CallSubOrchestratorAsync<string>(
                nameof(Settle), await paid, new SubOrchestrationOptions(instanceId: Id + "-settlement")),
            context.CallActivityAsync<string>(nameof(Till.Print), code));
        return string.Join(", ", receipts);
    }

    [Function(nameof(Settle))]
    public static async Task<string> Settle([OrchestrationTrigger] TaskOrchestrationContext context, decimal amount)
    {
        await context.CreateTimer(TimeSpan.FromMinutes(5), CancellationToken.None);
        return await context.CallActivityAsync<string>(nameof(Till.Book), amount);
    }

    internal static Task<DurableTaskTestHost> StartAsync(Effects effects, DurableTaskTestHostOptions? options = null)
    {
        options ??= new();
        options.ConfigureServices = services => services.AddSingleton(effects);
        return DurableTaskTestHost.StartAsync(tasks => tasks.AddFunctions(typeof(Deposits)).AddFunctions(typeof(Till)), options);
    }

    /// <summary>Starts it, unless it is there already, and gives its result.</summary>
    internal static async Task<string> RunAsync(DurableTaskTestHost host)
    {
        using var patience = new CancellationTokenSource(Limits.Wait);
        if (await host.Client.GetInstanceAsync(Id, patience.Token) is null)
            await host.Client.ScheduleNewOrchestrationInstanceAsync(nameof(Deposit), 1, new StartOrchestrationOptions(Id), patience.Token);
        var ended = await host.Client.WaitForInstanceCompletionAsync(Id, getInputsAndOutputs: true, patience.Token);
        return ended.RuntimeStatus == OrchestrationRuntimeStatus.Completed
            ? ended.ReadOutputAs<string>()!
            : $"{ended.RuntimeStatus}: {ended.FailureDetails}";
    }
}

/// <summary>What the activities did to the world, by what it was about.</summary>
public sealed class Effects
{
    private readonly ConcurrentDictionary<string, int> _done = new();

    public IReadOnlyDictionary<string, int> Done => _done;

    public void Do(string what) => _done.AddOrUpdate(what, 1, (_, times) => times + 1);
}

/// <summary>Activities of a class that gets its services from the host.</summary>
public sealed class Till(Effects effects)
{
    [Function(nameof(MakeCode))]
    public string MakeCode([ActivityTrigger] int round)
    {
        effects.Do($"code {round}");
        return $"code {round}";
    }

    [Function(nameof(Print))]
    public async Task<string> Print([ActivityTrigger] string code, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        effects.Do($"receipt for {code}");
        return $"receipt for {code}";
    }

    [Function(nameof(Book))]
    public Task<string> Book([ActivityTrigger] decimal amount)
    {
        effects.Do("booking");
        return Task.FromResult(FormattableString.Invariant($"{amount} booked"));
    }
}
