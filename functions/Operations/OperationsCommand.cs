using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OmsWorkflows.Http;
using OmsWorkflows.Notifications;
using OmsWorkflows.Oms;
using OmsWorkflows.Secrets;
using OmsWorkflows.Storage;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Operations;

/// <summary>
/// The app as a command-line tool: <c>webhooks create|list|rotate|finish|pause|resume|delete</c>, <c>ledger export|list|restore</c> and
/// <c>notifications dead|redrive|replay</c>, with the app's own settings.
/// </summary>
public static class OperationsCommand
{
    private static readonly string[] Verbs = ["webhooks", "ledger", "notifications"];

    private const string Usage = """
        webhooks list                  the endpoints OMS knows
        webhooks create [--url URL]    register the first endpoint and store its secret; without --url at Webhooks:PublicUrl
        webhooks rotate                register the next endpoint; the secrets of both are accepted
        webhooks finish                end the rotation: delete the older endpoint and its secret
        webhooks pause ID              stop deliveries
        webhooks resume ID             go on with deliveries
        webhooks delete ID             delete an endpoint, and its secret if this app holds it
        ledger export                  copy settlements and intakes to Backup:ContainerUri now
        ledger list                    the copies there are
        ledger restore NAME            put back the rows of a copy that are missing; rows that are there stay as they are
        notifications dead             what endpoints did not take, the first 200
        notifications redrive ENDPOINT queue the dead letters of an endpoint once more; the running app sends them
        notifications replay FROM TO   queue all of a span of time once more, for all endpoints; times as in 2026-06-10T15:20:04Z
        """;

    private const int MostListed = 200;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Whether the command line asks what commands there are. Nothing has to be set up for that.</summary>
    public static bool IsHelp(string[] args) => args is ["--help" or "-h" or "help"]
        || (IsCommand(args) && args is [_] or [_, "help"] or [_, .., "--help" or "-h"]);

    /// <summary>Says what commands there are.</summary>
    public static async Task<int> HelpAsync(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        await output.WriteLineAsync(Usage);
        return 0;
    }

    /// <summary>Whether the command line holds a command instead of starting the app; logs then belong on the error stream.</summary>
    public static bool IsCommand(string[] args) => args is [var verb, ..] && Verbs.Contains(verb);

    /// <summary>
    /// Runs the command that <paramref name="args"/> begin with and answers the exit code: 0 done, 1 refused, 2 not understood. Null when
    /// they hold no command, so that the app starts as usual.
    /// </summary>
    /// <param name="args">The command line.</param>
    /// <param name="services">The app's services, not started.</param>
    /// <param name="output">Where results go, as JSON.</param>
    /// <param name="errors">Where explanations go.</param>
    public static async Task<int?> TryRunAsync(
        string[] args, IServiceProvider services, TextWriter output, TextWriter errors, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(errors);
        if (!IsCommand(args))
            return null;
        try
        {
            if (Parse(args, services) is not { } run)
            {
                await errors.WriteLineAsync(Usage);
                return 2;
            }

            await services.GetRequiredService<AppTables>().CreateAsync(cancellationToken);
            await output.WriteLineAsync(JsonSerializer.Serialize(await run(cancellationToken), Json));
            return 0;
        }
        catch (Exception e) when (e is SubscriptionConflictException or OmsException or OptionsValidationException
            or SecretUnavailableException or LedgerCopyException)
        {
            await errors.WriteLineAsync(e.Message);
            return 1;
        }
        catch (Exception e) when (e is Azure.RequestFailedException or AggregateException { InnerException: Azure.RequestFailedException })
        {
            // The store's client wraps what its repeated attempts met.
            await errors.WriteLineAsync(
                "The tables could not be used: check Tables:ConnectionString or Tables:ServiceUri (for copies Backup:ContainerUri), "
                + "and the access to them.");
            return 1;
        }
    }

    private static Func<CancellationToken, Task<object>>? Parse(string[] args, IServiceProvider services) => args switch
    {
        ["webhooks", .. var command] => ParseWebhooks(command, services),
        ["notifications", .. var command] => ParseNotifications(command, services),
        [_, .. var command] => ParseLedger(command, services),
        _ => null,
    };

    private static Func<CancellationToken, Task<object>>? ParseLedger(string[] command, IServiceProvider services)
    {
        return command switch
        {
            ["export"] => async token => await Copies().ExportAsync(token),
            ["list"] => async token => await Copies().ListAsync(token),
            ["restore", var name] => async token => await Copies().RestoreAsync(name, token),
            _ => null,
        };

        LedgerCopies Copies() => services.GetRequiredService<LedgerCopies>();
    }

    private static Func<CancellationToken, Task<object>>? ParseNotifications(string[] command, IServiceProvider services)
    {
        var replay = services.GetRequiredService<NotificationReplay>();
        return command switch
        {
            ["dead"] => async token
                => (await services.GetRequiredService<NotificationDeadLetters>().ListAsync(MostListed, null, token)).Data,
            ["redrive", var endpoint] when replay.Endpoints.Contains(endpoint) => async token
                => new QueuedNotifications(await replay.RedriveAsync(endpoint, null, null, token)),
            ["replay", var from, var to] when TimeText.TryRead(from, out var start) && TimeText.TryRead(to, out var end) => async token
                => new QueuedNotifications(await replay.ReplayAsync(start, end, null, token)),
            _ => null,
        };
    }

    private static Func<CancellationToken, Task<object>>? ParseWebhooks(string[] command, IServiceProvider services)
    {
        return command switch
        {
            ["list"] => async token => await Subscriptions().ListAsync(token),
            ["create"] => async token => await CreateAsync(services.GetRequiredService<IOptions<WebhookOptions>>().Value.PublicUrl, token),
            ["create", "--url", var url] => async token => await CreateAsync(url, token),
            ["rotate"] => async token => await Subscriptions().RotateAsync(token),
            ["finish"] => async token => new { deleted = await Subscriptions().FinishRotationAsync(token) },
            ["pause", var id] => async token => await Subscriptions().EnableAsync(id, false, token),
            ["resume", var id] => async token => await Subscriptions().EnableAsync(id, true, token),
            ["delete", var id] => async token => new { deleted = await Subscriptions().DeleteAsync(id, token) },
            _ => null,
        };

        WebhookSubscriptions Subscriptions() => services.GetRequiredService<WebhookSubscriptions>();

        async Task<object> CreateAsync(string? url, CancellationToken token) => WebhookUrl.IsUsable(url)
            ? await Subscriptions().CreateAsync(url!, token)
            : throw new SubscriptionConflictException($"--url or Webhooks:PublicUrl {WebhookUrl.Rule}");
    }
}
