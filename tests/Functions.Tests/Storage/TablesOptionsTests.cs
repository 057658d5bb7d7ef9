using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Functions.Tests.Storage;

public sealed class TablesOptionsTests
{
    [Theory]
    [InlineData(null, null, "exactly one of Tables:ConnectionString and Tables:ServiceUri")]
    [InlineData(
        "UseDevelopmentStorage=true", "https://a.table.core.windows.net", "exactly one of Tables:ConnectionString and Tables:ServiceUri")]
    [InlineData("abc", null, "Tables:ConnectionString must be that of a storage account")]
    [InlineData("AccountKey=a", null, "Tables:ConnectionString must be that of a storage account")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=a", null, "Tables:ConnectionString must be that of a storage account")]
    [InlineData(null, "http://a.table.core.windows.net", "Tables:ServiceUri must be an absolute https URL")]
    public void AddStorage_WrongAddress_IsRefusedByName(string? connection, string? service, string message)
        => Reading(("Tables:ConnectionString", connection), ("Tables:ServiceUri", service))
            .Should().Throw<OptionsValidationException>().WithMessage($"*{message}*");

    [Theory]
    [InlineData("1a")]
    [InlineData("a-b")]
    public void Wrong_prefix_is_refused_by_name(string prefix)
        => Reading(("Tables:ConnectionString", "UseDevelopmentStorage=true"), ("Tables:Prefix", prefix))
            .Should().Throw<OptionsValidationException>().WithMessage("*Tables:Prefix*");

    [Fact]
    public void Service_uri_connects_with_the_apps_identity()
    {
        using var services = Services(("Tables:ServiceUri", "https://account.table.core.windows.net"));
        var tables = services.GetRequiredService<AppTables>();

        tables.Inbox.AccountName.Should().Be("account");
        tables.Inbox.Name.Should().Be("OmsInbox");
    }

    private static Action Reading(params (string Name, string? Value)[] settings) => () =>
    {
        using var services = Services(settings);
        services.GetRequiredService<AppTables>();
    };

    private static ServiceProvider Services(params (string Name, string? Value)[] settings) => new ServiceCollection()
        .AddSingleton<IConfiguration>(
            new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Name, s => s.Value)).Build())
        .AddLogging()
        .AddSingleton<TokenCredential>(new DefaultAzureCredential())
        .AddStorage()
        .BuildServiceProvider();
}
