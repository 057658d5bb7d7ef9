using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OmsWorkflows.Ledger;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Webhooks;

/// <summary>Settings that cannot work stop the start, by name.</summary>
public sealed class WebhookOptionsTests
{
    [Theory]
    [InlineData("Webhooks:KeyMode", "7")]
    [InlineData("Webhooks:CurrentSecret", " ")]
    [InlineData("Webhooks:CurrentSecret", "whsec_")]
    [InlineData("Webhooks:CurrentSecret", "whsec_abcdef\n")]
    [InlineData("Webhooks:NextSecret", "whsec_abc def")]
    [InlineData("Webhooks:NextSecret", "\uFEFFwhsec_abcdef")]
    [InlineData("Webhooks:ToleranceSeconds", "0")]
    [InlineData("Webhooks:ToleranceSeconds", "five")]
    [InlineData("Webhooks:DeadLetterAfter", "00:00:59")]
    [InlineData("Webhooks:Retention", "3.23:00:00")]
    [InlineData("Webhooks:PublicUrl", "http://app.example/api/webhooks/oms")]
    [InlineData("Ledger:SettleWithin", "00:00:59")]
    public void Wrong_setting_fails_with_its_name(string name, string value)
    {
        var start = () => Start((name, value));

        start.Should().Throw<OptionsValidationException>().WithMessage($"*{name.Split(':')[1]}*");
    }

    [Fact]
    public void Events_are_kept_for_as_long_as_their_money_may_still_be_booked()
    {
        var start = () => Start(("Webhooks:Retention", "4.00:00:00"), ("Ledger:SettleWithin", "5.00:00:00"));

        start.Should().Throw<OptionsValidationException>().WithMessage("*Webhooks:Retention*Ledger:SettleWithin*");
    }

    [Fact]
    public void Without_any_setting_the_defaults_work()
    {
        var start = () => Start();

        start.Should().NotThrow();
    }

    private static void Start(params (string Name, string Value)[] settings)
    {
        var values = settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value);
        using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(values).Build())
            .AddLogging()
            .AddLedger()
            .AddWebhooks()
            .BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();
    }
}
