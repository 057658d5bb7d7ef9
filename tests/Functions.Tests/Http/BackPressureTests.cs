using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Access;
using OmsWorkflows.Http;
using OmsWorkflows.Operations;
using OmsWorkflows.Settings;

namespace OmsWorkflows.Functions.Tests.Http;

/// <summary>More requests than can be served.</summary>
public sealed class BackPressureTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ListLogger<BackPressure> _logger = new();
    private readonly TaskCompletionSource _served = new();

    [Fact]
    public async Task One_more_than_can_be_served_is_told_at_once_to_come_again()
    {
        using var bound = BoundOf(2);
        Task[] waiting = [ServeAsync(bound), ServeAsync(bound)];

        var refused = Invoked.ByRequest("StartCashIn");
        await bound.Invoke(refused.Context, _ => throw new InvalidOperationException("It is not served."));

        refused.Http.Response.StatusCode.Should().Be(StatusCodes.Status503ServiceUnavailable);
        refused.Http.Response.ContentType.Should().StartWith("application/problem+json");
        refused.Body["type"]!.GetValue<string>().Should().Be("urn:oms-workflows:problem:too-busy");
        waiting.Should().OnlyContain(task => !task.IsCompleted);
        _served.SetResult();
        await Task.WhenAll(waiting);
    }

    [Fact]
    public async Task Whoever_was_served_or_failed_makes_room()
    {
        using var bound = BoundOf(1);
        await FluentActions.Awaiting(() => bound.Invoke(Invoked.ByRequest("StartCashIn").Context, _ => throw new TimeoutException()))
            .Should().ThrowAsync<TimeoutException>();
        var begun = 0;

        for (var request = 0; request < 3; request++)
        {
            await bound.Invoke(Invoked.ByRequest("StartCashIn").Context, _ =>
            {
                begun++;
                return Task.CompletedTask;
            });
        }

        begun.Should().Be(3);
    }

    [Theory]
    [InlineData(nameof(HealthEndpoints.Live))]
    [InlineData(nameof(HealthEndpoints.Ready))]
    [InlineData(nameof(HealthEndpoints.Health))]
    public async Task Health_is_answered_however_busy_the_app_is(string function)
    {
        using var bound = BoundOf(1);
        var waiting = ServeAsync(bound);
        var asked = false;

        await bound.Invoke(Invoked.ByRequest(function).Context, _ =>
        {
            asked = true;
            return Task.CompletedTask;
        });

        asked.Should().BeTrue();
        _served.SetResult();
        await waiting;
    }

    [Fact]
    public async Task What_the_engine_and_the_clock_call_is_left_alone()
    {
        using var bound = BoundOf(1);
        var waiting = ServeAsync(bound);
        var begun = false;

        await bound.Invoke(Invoked.Otherwise("BookSettlement").Context, _ =>
        {
            begun = true;
            return Task.CompletedTask;
        });

        begun.Should().BeTrue();
        _served.SetResult();
        await waiting;
    }

    [Fact]
    public async Task A_burst_is_logged_once_and_counted_each_minute()
    {
        using var bound = BoundOf(1);
        var waiting = ServeAsync(bound);

        for (var request = 0; request < 100; request++)
            await ServeAsync(bound);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await ServeAsync(bound);

        _logger.Lines.Should().HaveCount(2);
        _logger.Lines[0].Should().StartWith("Warning 6007 1 requests were refused");
        _logger.Lines[1].Should().StartWith("Warning 6007 100 requests were refused");
        _served.SetResult();
        await waiting;
    }

    [Theory]
    [InlineData("0")]
    [InlineData("10001")]
    public void A_bound_that_cannot_be_meant_is_refused_by_name(string text)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("Http:MaxRequests", (string?)text)]).Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(settings);
        services.AddOptions<BackPressureOptions>().BindSettings(BackPressureOptions.Section).ValidateDataAnnotations();
        using var provider = services.BuildServiceProvider();

        FluentActions.Invoking(() => provider.GetRequiredService<IOptions<BackPressureOptions>>().Value)
            .Should().Throw<OptionsValidationException>().WithMessage("*Http:MaxRequests*");
    }

    private BackPressure BoundOf(int requests)
        => new(AccessTable.Rules, Options.Create(new BackPressureOptions { MaxRequests = requests }), _clock, _logger);

    private Task ServeAsync(BackPressure bound) => bound.Invoke(Invoked.ByRequest("StartCashIn").Context, _ => _served.Task);
}
