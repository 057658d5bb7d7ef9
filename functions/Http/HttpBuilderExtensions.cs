using FluentValidation;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

namespace OmsWorkflows.Http;

/// <summary>Sets up how requests are served.</summary>
public static class HttpBuilderExtensions
{
    /// <summary>
    /// Adds ASP.NET Core, problem answers for what a function throws, and validation messages in English whatever the culture.
    /// </summary>
    public static FunctionsApplicationBuilder AddHttp(this FunctionsApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ValidatorOptions.Global.LanguageManager.Enabled = false;
        builder.ConfigureFunctionsWebApplication();
        builder.UseMiddleware<DocumentHeaders>();
        builder.UseMiddleware<UnhandledExceptions>();
        return builder;
    }
}
