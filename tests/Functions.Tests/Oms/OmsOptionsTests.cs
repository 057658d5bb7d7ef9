using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Functions.Tests.Oms;

/// <summary>Settings that cannot work stop the start, by name.</summary>
public sealed class OmsOptionsTests
{
    [Theory]
    [InlineData("BaseUrl", "")]
    [InlineData("BaseUrl", "sandbox-api.polygon.technology")]
    [InlineData("BaseUrl", "http://api.polygon.technology")]
    [InlineData("BaseUrl", "https://api.polygon.technology/v0.9")]
    [InlineData("ApiVersion", "0.9")]
    [InlineData("ApiKey", " ")]
    [InlineData("ApiKey", "sk_sdbx_1\n")]
    [InlineData("ApiSecret", "")]
    [InlineData("ApiSecret", "two words")]
    [InlineData("RetryAttempts", "two")]
    [InlineData("VirtualAccounts", "yes")]
    [InlineData("AttemptTimeout", "00:00:00")]
    [InlineData("TotalTimeout", "00:00:01")]
    [InlineData("RetryAttempts", "0")]
    [InlineData("BreakDuration", "00:00:00")]
    [InlineData("AttemptTimeout", "24:00:00")]
    [InlineData("AttemptTimeout", "10")]
    [InlineData("TotalTimeout", "1.00:00:00")]
    [InlineData("MaxRetryAfter", "5 s")]
    [InlineData("RetryDelay", "-00:00:01")]
    [InlineData("ApiVersion", "v٠.٩")]
    [InlineData("BaseUrl", "https://api.polygon.technology#x")]
    public void Start_wrong_setting_fails_with_its_name(string name, string value)
    {
        var start = () => Start((name, value));

        start.Should().Throw<OptionsValidationException>().Which.Failures.Should().ContainSingle().Which.Should().StartWith($"Oms:{name} ");
    }

    [Theory]
    [InlineData("https://api.polygon.technology")]
    [InlineData("https://api.polygon.technology/")]
    [InlineData("http://127.0.0.1:5080")]
    [InlineData("http://localhost:5080")]
    public void Start_usable_url_passes(string url)
    {
        var start = () => Start(("BaseUrl", url));

        start.Should().NotThrow();
    }

    private static void Start(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Oms:BaseUrl"] = "https://sandbox-api.polygon.technology",
            ["Oms:ApiKey"] = "key",
            ["Oms:ApiSecret"] = "secret",
        }).AddInMemoryCollection(settings.ToDictionary(s => $"Oms:{s.Name}", s => (string?)s.Value)).Build();
        using var services =
            new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging().AddOmsClient().BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();
    }
}
