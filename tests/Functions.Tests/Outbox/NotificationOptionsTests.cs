using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OmsWorkflows.Outbox;

namespace OmsWorkflows.Functions.Tests.Outbox;

/// <summary>Whom to tell is configuration; what cannot work stops the start by the setting's name.</summary>
public sealed class NotificationOptionsTests
{
    [Fact]
    public void Endpoints_are_read_by_name_and_an_empty_address_is_none()
    {
        var options = Read(
            ("Notifications:Endpoints:orders", "https://orders.example/oms"),
            ("Notifications:Endpoints:Local", "http://127.0.0.1:5001/told"),
            ("Notifications:Endpoints:books", ""),
            ("Notifications:RetryFor", "1.00:00:00"));

        options.Receivers.Should().BeEquivalentTo(
            new Dictionary<string, Uri> { ["orders"] = new("https://orders.example/oms"), ["local"] = new("http://127.0.0.1:5001/told") });
        options.RetryFor.Should().Be(TimeSpan.FromDays(1));
    }

    [Fact]
    public void Nobody_is_told_by_default() => Read().Receivers.Should().BeEmpty();

    [Theory]
    [InlineData("Notifications:Endpoints:orders", "http://orders.example/oms", "Notifications:Endpoints:orders must be an absolute")]
    [InlineData("Notifications:Endpoints:orders", "https://user:pass@orders.example/", "Notifications:Endpoints:orders must be")]
    [InlineData("Notifications:Endpoints:or-ders", "https://orders.example/oms", "Notifications:Endpoints must have names")]
    [InlineData("Notifications:CurrentSecret", "secret", "Notifications:CurrentSecret must be whsec_")]
    [InlineData("Notifications:NextSecret", "whsec_AAAA", "Notifications:NextSecret must be whsec_")]
    [InlineData("Notifications:Timeout", "00:01:00", "Notifications:Timeout must be")]
    [InlineData("Notifications:RetryFor", "20.00:00:00", "Notifications:RetryFor must be")]
    public void What_cannot_work_is_refused_by_name(string setting, string value, string message)
    {
        var read = () => Read((setting, value));

        read.Should().Throw<OptionsValidationException>().Which.Message.Should().Contain(message).And.NotContain("pass@");
    }

    private static NotificationOptions Read(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value)).Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddOutbox().BuildServiceProvider();
        return services.GetRequiredService<IOptions<NotificationOptions>>().Value;
    }
}
