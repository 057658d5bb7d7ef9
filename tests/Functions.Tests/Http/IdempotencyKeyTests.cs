using OmsWorkflows.Http;

namespace OmsWorkflows.Functions.Tests.Http;

public sealed class IdempotencyKeyTests
{
    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("a", true)]
    [InlineData("with space", true)]
    [InlineData("tab\t", false)]
    [InlineData("é", false)]
    public void Printable_ascii_is_a_key(string? key, bool valid) => IdempotencyKey.IsValid(key).Should().Be(valid);

    [Fact]
    public void Longer_than_255_characters_is_no_key() => IdempotencyKey.IsValid(new string('a', 256)).Should().BeFalse();
}
