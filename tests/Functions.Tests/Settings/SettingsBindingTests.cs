using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OmsWorkflows.Settings;

namespace OmsWorkflows.Functions.Tests.Settings;

public sealed class SettingsBindingTests
{
    [Fact]
    public void Bind_KeepsDefaultsAndReadsEverythingElse()
    {
        var options =
            Bind(("Sample:Name", "x"), ("sample:patience", "1.00:00:00"), ("Sample:List:0", "a"), ("Sample:Inner:Count", "3")).CurrentValue;

        options.Should().BeEquivalentTo(
            new Sample { Name = "x", Patience = TimeSpan.FromDays(1), Count = 7, List = ["a"], Inner = new Inner { Count = 3 } });
    }

    [Theory]
    [InlineData("Patience", "24:00:00")]
    [InlineData("Patience", "")]
    [InlineData("Patience", "ten minutes")]
    [InlineData("Pause", "10")]
    public void Bind_NoDuration_StopsTheStartWithItsNameAndTheRule(string name, string value)
    {
        var options = Bind(($"Sample:{name}", value));

        var reading = () => options.CurrentValue;

        reading.Should().Throw<OptionsValidationException>().Which.Failures.Should().ContainSingle()
            .Which.Should().StartWith($"Sample:{name} must be a duration: hh:mm:ss").And.NotContain("ten minutes");
    }

    [Theory]
    [InlineData("Count", "many", "must be a whole number")]
    [InlineData("Count", "", "must be a whole number")]
    [InlineData("Count", " 3", "must be a whole number")]
    [InlineData("Count", "0x10", "must be a whole number")]
    [InlineData("Count", "#FF", "must be a whole number")]
    [InlineData("Count", "1e3", "must be a whole number")]
    [InlineData("Count", "99999999999", "must be a whole number")]
    [InlineData("Count", "3.0", "must be a whole number")]
    [InlineData("Amount", "1,000.00", "must be a number in digits")]
    [InlineData("Amount", "10,5", "must be a number in digits")]
    [InlineData("Amount", "1e3", "must be a number in digits")]
    [InlineData("Amount", "$5", "must be a number in digits")]
    [InlineData("Amount", "NaN", "must be a number in digits")]
    [InlineData("IsOn", "yes", "must be true or false")]
    [InlineData("IsOn", "1", "must be true or false")]
    [InlineData("IsOn", "", "must be true or false")]
    [InlineData("Day", "Someday", "must be one of Sunday, Monday")]
    [InlineData("Day", "3", "must be one of Sunday, Monday")]
    [InlineData("Day", "Sunday,Monday", "must be one of Sunday, Monday")]
    public void Bind_AnotherForm_StopsTheStartWithItsNameAndTheRule(string name, string value, string rule)
    {
        var options = Bind(($"Sample:{name}", value));

        var reading = () => options.CurrentValue;

        reading.Should().Throw<OptionsValidationException>().Which.Failures.Should().ContainSingle()
            .Which.Should().StartWith($"Sample:{name} {rule}");
    }

    [Fact]
    public void Bind_EachFormThatIsMeant_IsRead()
    {
        var options =
            Bind(("Sample:Count", "-3"), ("Sample:IsOn", "TRUE"), ("Sample:Amount", "10.50"), ("Sample:Day", "friday")).CurrentValue;

        (options.Count, options.IsOn, options.Day, options.Amount).Should().Be((-3, true, DayOfWeek.Friday, 10.50m));
    }

    [Fact]
    public void Bind_SettingsChange_IsFollowed()
    {
        var source = new Dictionary<string, string?> { ["Sample:Patience"] = "00:00:10" };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(source).Build();
        using var services = Services(configuration);
        var options = services.GetRequiredService<IOptionsMonitor<Sample>>();
        options.CurrentValue.Patience.Should().Be(TimeSpan.FromSeconds(10));

        configuration["Sample:Patience"] = "00:00:20";
        configuration.Reload();

        options.CurrentValue.Patience.Should().Be(TimeSpan.FromSeconds(20));
    }

    private static IOptionsMonitor<Sample> Bind(params (string Name, string Value)[] settings)
        => Services(
            new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(each => each.Name, each => (string?)each.Value)).Build())
            .GetRequiredService<IOptionsMonitor<Sample>>();

    private static ServiceProvider Services(IConfiguration configuration)
    {
        var services = new ServiceCollection().AddSingleton(configuration);
        services.AddOptions<Sample>().BindSettings("Sample");
        return services.BuildServiceProvider();
    }

    private sealed class Sample
    {
        public string Name { get; set; } = "";

        public int Count { get; set; } = 7;

        public decimal Amount { get; set; }

        public bool IsOn { get; set; }

        public DayOfWeek Day { get; set; }

        public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(1);

        public TimeSpan? Pause { get; set; }

        public List<string> List { get; set; } = [];

        public Inner Inner { get; set; } = new();
    }

    private sealed class Inner
    {
        public int Count { get; set; }
    }
}
