using FluentValidation;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OmsWorkflows.Settings;

namespace OmsWorkflows.Http;

/// <summary>Sets up how requests are served.</summary>
public static class HttpBuilderExtensions
{
    /// <summary>
    /// Adds ASP.NET Core, problem answers for what a function throws, the gate and the bound before every function, and validation messages
    /// in English whatever the culture. Needs the <see cref="AccessRules"/>.
    /// </summary>
    public static FunctionsApplicationBuilder AddHttp(this FunctionsApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ValidatorOptions.Global.LanguageManager.Enabled = false;
        builder.ConfigureFunctionsWebApplication();
        builder.UseMiddleware<DocumentHeaders>();
        builder.UseMiddleware<UnhandledExceptions>();
        builder.Services.AddOptions<AccessOptions>().BindSettings(AccessOptions.Section);
        builder.Services.AddSingleton<SignIn>();
        builder.Services.AddSingleton<Gate>();
        builder.Services.AddHostedService<AccessNotice>();
        builder.UseMiddleware<AccessControl>();
        builder.Services.AddOptions<BackPressureOptions>().BindSettings(BackPressureOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        builder.UseMiddleware<BackPressure>();
        return builder;
    }
}
