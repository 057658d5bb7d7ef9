using System.Text.Json;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Functions.Tests.Storage;

public sealed class SensitiveTests
{
    [Fact]
    public void A_sensitive_value_prints_as_stars() => $"{new Sensitive<string>("Ana")}".Should().Be("***");

    [Fact]
    public void A_sensitive_value_refuses_to_be_written()
        => FluentActions.Invoking(() => JsonSerializer.Serialize(new { Name = new Sensitive<string>("Ana") })).Should()
            .Throw<NotSupportedException>().Which.ToString().Should().NotContain("Ana");

    [Fact]
    public void A_sensitive_value_refuses_to_be_read()
        => FluentActions.Invoking(() => JsonSerializer.Deserialize<Sensitive<string>>("\"Ana\"")).Should().Throw<NotSupportedException>();
}
