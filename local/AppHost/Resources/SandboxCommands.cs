using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OmsWorkflows.Local.AppHost.Demo;

namespace OmsWorkflows.Local.AppHost.Resources;

/// <summary>The common moves, as commands in the dashboard: controls of docs/sandbox.md.</summary>
internal static class SandboxCommands
{
    /// <summary>Somebody comes to the store with the newest code that waits.</summary>
    public static IResourceBuilder<SandboxResource> WithCashCommand(this IResourceBuilder<SandboxResource> sandbox)
        => sandbox.WithCommand(
            "hand-over-cash",
            $"Hand over {Story.PaidAmount} USD on the newest code",
            context => PayNewestAsync(sandbox.Resource.Http.Url, context.CancellationToken),
            new CommandOptions { IconName = "Money", IsHighlighted = true, UpdateState = WhenRunning });

    /// <summary>Time passes at OMS, so codes run out and waits end.</summary>
    public static IResourceBuilder<SandboxResource> WithClockCommand(this IResourceBuilder<SandboxResource> sandbox)
        => sandbox.WithControl("move-the-clock", "Move OMS's clock on by an hour", "Clock", "clock", new() { ["advance"] = "01:00:00" });

    /// <summary>The next webhook never comes, or comes with a signature that is wrong.</summary>
    public static IResourceBuilder<SandboxResource> WithFaultCommands(this IResourceBuilder<SandboxResource> sandbox)
        => sandbox
            .WithControl("lose-next-webhook", "Lose the next webhook", "PlugDisconnected", "faults", new() { ["fault"] = "drop" })
            .WithControl("break-next-webhook", "Sign the next webhook wrongly", "KeyReset", "faults", new() { ["fault"] = "badSignature" });

    private static IResourceBuilder<SandboxResource> WithControl(
        this IResourceBuilder<SandboxResource> sandbox, string name, string displayName, string icon, string control, JsonObject body)
        => sandbox.WithHttpCommand($"/_sim/{control}", displayName, commandName: name, commandOptions: new HttpCommandOptions
        {
            IconName = icon,
            PrepareRequest = context =>
            {
                context.Request.Content = JsonContent.Create(body);
                return Task.CompletedTask;
            },
        });

    private static async Task<ExecuteCommandResult> PayNewestAsync(string url, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        var page = await http.GetFromJsonAsync<TillPage>("/_sim/overview", cancellationToken);
        if (page?.Codes is not [var newest, ..])
            return CommandResults.Failure("No code waits for cash.");
        using var answer = await http.PostAsJsonAsync(
            "/_sim/cash", new { newest.Code, amount = $"{Story.PaidAmount}" }, cancellationToken);
        return answer.IsSuccessStatusCode
            ? CommandResults.Success($"{newest.Customer} handed over {Story.PaidAmount} USD.")
            : CommandResults.Failure(await answer.Content.ReadAsStringAsync(cancellationToken));
    }

    private static ResourceCommandState WhenRunning(UpdateCommandStateContext context)
        => context.ResourceSnapshot.State?.Text == KnownResourceStates.Running
            ? ResourceCommandState.Enabled
            : ResourceCommandState.Disabled;

    private sealed record TillPage(IReadOnlyList<WaitingCode> Codes);

    private sealed record WaitingCode(string Code, string Customer);
}
