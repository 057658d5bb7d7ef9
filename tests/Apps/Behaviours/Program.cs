using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OmsWorkflows.BehavioursApp;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
var tasks = new BehaviourTasks();
builder.Services.AddSingleton(tasks);
builder.Services.AddSingleton<IFunctionMetadataTransformer, ActivityFunction.Names>();
builder.Services.Configure<DurableTaskRegistry>(tasks.RegisterOrchestrators);
await builder.Build().RunAsync();
