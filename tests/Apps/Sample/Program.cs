using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
if (Environment.GetEnvironmentVariable("FAILS_AT_START") is { Length: > 0 } why)
    throw new InvalidOperationException(why);

await builder.Build().RunAsync();
