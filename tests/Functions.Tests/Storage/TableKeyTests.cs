using CsCheck;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Functions.Tests.Storage;

public sealed class TableKeyTests
{
    [Fact]
    public void Of_any_two_ids_are_valid_keys_and_different()
        => Gen.Select(Gen.String[1, 300], Gen.String[1, 300]).Sample((one, other) =>
        {
            var (first, second) = (TableKey.Of(one), TableKey.Of(other));
            return first.All(c => char.IsAsciiLetterOrDigit(c) || "_-.:~".Contains(c)) && first.Length <= 200
                && (first == second) == (one == other);
        });

    [Theory]
    [InlineData("ci_01kt7jrjg0f1bahgjdyw12t9sj", "ci_01kt7jrjg0f1bahgjdyw12t9sj")]
    [InlineData("a/b", "a~002Fb")]
    [InlineData("a~b", "a~007Eb")]
    public void Of_id_is_readable(string id, string key) => TableKey.Of(id).Should().Be(key);
}
