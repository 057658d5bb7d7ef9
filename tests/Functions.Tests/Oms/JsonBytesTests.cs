using System.Text;
using System.Text.Json;
using CsCheck;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Functions.Tests.Oms;

/// <summary>JSON from outside is readable, whatever its texts hold.</summary>
public sealed class JsonBytesTests
{
    private static readonly string[] Parts = ["\\", "\"", "u", "d83d", "de00", "\\ud83d", "\\ude00", "\\\\", "0041", "x", "\u00ff"];

    [Theory]
    [InlineData("""["Caf\ud83d"]""", "Caf\uFFFD")]
    [InlineData("""["\ude00x"]""", "\uFFFDx")]
    [InlineData("""["\ud83d\ud83d\ude00"]""", "\uFFFD\U0001F600")]
    [InlineData("""["\uD83D\uDE00"]""", "\U0001F600")]
    [InlineData("""["\\ud83d"]""", "\\ud83d")]
    [InlineData("""["\\\ud83d"]""", "\\\uFFFD")]
    [InlineData("""["\u0041\u00e9"]""", "A\u00e9")]
    [InlineData("""["\ud83d\n"]""", "\uFFFD\n")]
    public void Mend_replaces_halves_of_pairs_only(string json, string expected)
        => JsonDocument.Parse(JsonBytes.Mend(Encoding.UTF8.GetBytes(json))).RootElement[0].GetString().Should().Be(expected);

    [Fact]
    public void Mend_readable_json_is_left_as_it_is()
        => Gen.String.Sample(text =>
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(text);
            return JsonBytes.Mend(json).Span.SequenceEqual(json);
        });

    [Fact]
    public void Mend_any_text_can_be_read_when_it_is_json()
        => Gen.Int[0, Parts.Length - 1].Select(part => Parts[part]).Array[0, 12].Sample(parts =>
        {
            var json = Encoding.UTF8.GetBytes($"[\"{string.Concat(parts)}\"]");
            try
            {
                using var document = JsonDocument.Parse(JsonBytes.Mend(json));
                return document.RootElement.EnumerateArray().Select(item => item.GetString()).All(text => text is not null);
            }
            catch (JsonException)
            {
                // No JSON, mended or not.
                return true;
            }
        });
}
