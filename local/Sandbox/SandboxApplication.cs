using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OmsWorkflows.Local.Sandbox.Auth;
using OmsWorkflows.Local.Sandbox.Banking;
using OmsWorkflows.Local.Sandbox.CashIns;
using OmsWorkflows.Local.Sandbox.Controls;
using OmsWorkflows.Local.Sandbox.Customers;
using OmsWorkflows.Local.Sandbox.Faults;
using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Idempotency;
using OmsWorkflows.Local.Sandbox.Locations;
using OmsWorkflows.Local.Sandbox.RateLimits;
using OmsWorkflows.Local.Sandbox.Time;
using OmsWorkflows.Local.Sandbox.Transactions;
using OmsWorkflows.Local.Sandbox.Wallets;
using OmsWorkflows.Local.Sandbox.Webhooks;

namespace OmsWorkflows.Local.Sandbox;

/// <summary>
/// The OMS simulator as an application: the API of docs/oms-api.md 2 to 10 under the path of its version, controls of our own under
/// <c>/_sim</c>.
/// </summary>
public static class SandboxApplication
{
    /// <summary>
    /// Builds it, not started. <paramref name="configure"/> can add settings (<c>Sandbox:*</c>) and replace the <see cref="TimeProvider"/>,
    /// so a test can run it in its own process.
    /// </summary>
    /// <exception cref="InvalidOperationException">A setting is out of range.</exception>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        // No configuration files are looked for in the folder of whoever starts it.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System.Net.Http", LogLevel.Warning);
        configure?.Invoke(builder);
        builder.AddSandboxTelemetry();
        var options = SandboxOptions.From(builder.Configuration);
        AddServices(builder.Services, options);
        var app = builder.Build();
        app.Logger.Seeded(app.Services.GetRequiredService<IdSource>().Seed);
        Map(app);
        return app;
    }

    private static void AddServices(IServiceCollection services, SandboxOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(new IdSource(options.Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue)));
        services.AddSingleton<SandboxClock>();
        services.AddSingleton<Agenda>();
        services.AddHostedService<AgendaRunner>();
        services.AddSingleton<World>();
        services.AddSingleton<Tokens>();
        services.AddSingleton<IdempotencyStore>();
        services.AddSingleton<FaultBook>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<Courier>();
        services.AddSingleton<Announcer>();
        services.AddSingleton<Decisions>();
        services.AddSingleton<Evaluations>();
        services.AddSingleton<CustomerEditor>();
        services.AddSingleton<WalletEditor>();
        services.AddSingleton<CashInDesk>();
        services.AddSingleton<Conversions>();
        services.AddSingleton<Till>();
        services.AddSingleton<Movements>();
        services.AddSingleton<PayoutEnds>();
        services.AddSingleton<Payouts>();
        services.AddSingleton<LocationReferences>();
        services.AddSingleton<Accounts>();
        services.AddSingleton<Deposits>();
    }

    private static void Map(WebApplication app)
    {
        app.UseMiddleware<Errors>();
        // Faults lie outermost, so that they can hit a token exchange too and cut off an answer whose effect is stored.
        app.UseWhen(ApiPath.IsApi, api => api
            .UseMiddleware<ApiFaults>()
            .UseMiddleware<BearerTokens>()
            .UseMiddleware<RateLimit>()
            .UseMiddleware<IdempotencyKeys>());

        var options = app.Services.GetRequiredService<SandboxOptions>();
        var api = app.MapGroup($"/{options.ApiVersion}");
        api.MapAuth();
        api.MapCustomers();
        api.MapWallets();
        api.MapCashLocations();
        api.MapCashIns();
        api.MapTransactions();
        api.MapBank(options);
        api.MapWebhooks();
        app.MapControls();
    }
}
