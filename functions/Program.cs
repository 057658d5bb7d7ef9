using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Access;
using OmsWorkflows.Actions;
using OmsWorkflows.BankDeposits;
using OmsWorkflows.CashIns;
using OmsWorkflows.Http;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;
using OmsWorkflows.Notifications;
using OmsWorkflows.Oms;
using OmsWorkflows.Onboarding;
using OmsWorkflows.Operations;
using OmsWorkflows.Outbox;
using OmsWorkflows.Payouts;
using OmsWorkflows.Secrets;
using OmsWorkflows.Settings;
using OmsWorkflows.Storage;
using OmsWorkflows.Telemetry;
using OmsWorkflows.Webhooks;

if (OperationsCommand.IsHelp(args))
    return await OperationsCommand.HelpAsync(Console.Out);

var starting = new StartRefusal();
var builder = FunctionsApplication.CreateBuilder(args);
if (OperationsCommand.IsCommand(args))
    builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);

// One line per room, in the order in which they may know of each other (docs/architecture.md).
builder.Services.AddSingleton(TimeProvider.System);
builder.AddSecrets();
if (!OperationsCommand.IsCommand(args))
    builder.AddAppDataProtection();
builder.AddHttp();
builder.AddTelemetry();
builder.UseMiddleware<TimerHeartbeat>();
builder.Services.AddOmsClient();
builder.Services.AddStorage();
builder.Services.AddActions();
builder.Services.AddLedger();
builder.Services.AddWebhooks();
builder.Services.AddOutbox();
builder.Services.AddJourneys();
builder.Services.AddOnboarding();
builder.Services.AddCashIns();
builder.Services.AddPayouts();
builder.Services.AddBankDeposits();
builder.Services.AddNotifications();
builder.Services.AddOperations();
builder.Services.AddAccess();

var app = builder.Build();
if (await OperationsCommand.TryRunAsync(args, app.Services, Console.Out, Console.Error) is { } exitCode)
    return exitCode;
await app.StartAsync();
starting.Dispose();
await app.WaitForShutdownAsync();
return 0;
