using FluentValidation;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;
using OmsWorkflows.Operations;
using OmsWorkflows.Secrets;
using OmsWorkflows.Storage;
using OmsWorkflows.Webhooks;

ValidatorOptions.Global.LanguageManager.Enabled = false;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<UnhandledExceptions>();
if (OperationsCommand.IsMeant(args))
    builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
builder.AddSecrets();
builder.AddAppDataProtection();
builder.AddLogLevels();
builder.AddTelemetry();

builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddStorage();
builder.Services.AddOmsClient();
builder.Services.AddWebhookIntake();
builder.Services.AddJourneys();

var app = builder.Build();
if (await OperationsCommand.TryRunAsync(args, app.Services, Console.Out, Console.Error) is { } exitCode)
    return exitCode;
await app.RunAsync();
return 0;
