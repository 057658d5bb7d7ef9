using Azure.Data.Tables;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Outbox;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Functions.Tests.Outbox;

/// <summary>Outboxes for tests.</summary>
internal static class Outboxes
{
    /// <summary>One that nobody is told from; its tables do not exist.</summary>
    public static OutboxWriter Off()
        => On(new AppTables(new TableServiceClient("UseDevelopmentStorage=true"), "None"), TimeProvider.System);

    /// <summary>One that tells some endpoints, by name.</summary>
    public static OutboxWriter On(AppTables tables, TimeProvider clock, params string[] endpoints)
        => new(tables, new FixedOptions<NotificationOptions>(Options(endpoints)), new OutboxBell(), clock);

    /// <summary>Settings with some endpoints, and a secret.</summary>
    public static NotificationOptions Options(params string[] endpoints)
    {
        var options = new NotificationOptions { CurrentSecret = Secret };
        foreach (var endpoint in endpoints)
            options.Endpoints[endpoint] = $"https://{endpoint}.example/told";
        return options;
    }

    /// <summary>A secret of the right form.</summary>
    public const string Secret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
}
