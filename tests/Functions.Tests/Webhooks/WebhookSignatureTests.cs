using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CsCheck;
using Microsoft.Extensions.Primitives;
using OmsWorkflows.Functions.Tests.House;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Webhooks;

public sealed class WebhookSignatureTests
{
    private const string Secret = "whsec_0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";
    private const string Other = "whsec_ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1781104806);
    private static readonly byte[] Body = """{"id":"whd_1"}"""u8.ToArray();

    public static TheoryData<string> Cases => new(Examples["cases"]!.AsArray().Select(example => (string)example!["name"]!));

    private static JsonNode Examples => Fixture.Node("signature.json");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Verify_worked_example_is_as_expected(string name)
    {
        var example = Examples["cases"]!.AsArray().Single(example => (string)example!["name"]! == name)!;
        Verify(example, SecretKeyMode.WholeString).Should().Be((string)example["expect"]! == "accept");
    }

    /// <summary>What docs/security.md tells people to try.</summary>
    [Fact]
    public void Sign_the_example_of_the_documents_gives_the_signature_they_show()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "security.md"));

        var header = WebhookSignature.Sign(
            Encoding.UTF8.GetBytes(Shown("BODY='(.+)'")), Shown("SECRET=(whsec_[0-9a-f]+)"),
            DateTimeOffset.FromUnixTimeSeconds(long.Parse(Shown("TIME=([0-9]+) "), CultureInfo.InvariantCulture)));

        header.Should().EndWith($",v1={Shown("# ([0-9a-f]{64})")}");

        string Shown(string pattern) => Regex.Match(page, pattern).Groups[1].Value;
    }

    [Fact]
    public void Verify_hex_decoded_example_is_accepted_in_that_mode_only()
    {
        var example = Examples["hexDecodedKeyVariant"]!;

        Verify(example, SecretKeyMode.HexDecoded).Should().BeTrue();
        Verify(example, SecretKeyMode.WholeString).Should().BeFalse();
    }

    [Theory]
    [InlineData(SecretKeyMode.WholeString)]
    [InlineData(SecretKeyMode.HexDecoded)]
    public void Sign_then_verify_is_valid_for_exactly_those_bytes_and_that_time(SecretKeyMode mode)
        => Gen.Select(Gen.Byte.Array[0, 200], Gen.Int[-400, 400], Gen.Int[0, 199]).Sample((body, offset, flip) =>
        {
            var header = WebhookSignature.Sign(body, Secret, Now.AddSeconds(offset), mode);
            var options = new WebhookOptions { CurrentSecret = Secret, KeyMode = mode };
            var expected = offset < -300 ? SignatureVerdict.TooOld : offset > 300 ? SignatureVerdict.TooNew : SignatureVerdict.Valid;
            if (WebhookSignature.Verify(header, body, options, Now) != expected)
                return false;
            if (body.Length == 0 || expected != SignatureVerdict.Valid)
                return true;
            body[flip % body.Length] ^= 1;
            return WebhookSignature.Verify(header, body, options, Now) == SignatureVerdict.Mismatch;
        });

    [Fact]
    public void Verify_while_secrets_rotate_takes_both_and_afterwards_only_the_new_one()
    {
        var old = WebhookSignature.Sign(Body, Secret, Now);
        var young = WebhookSignature.Sign(Body, Other, Now);
        var rotating = new WebhookOptions { CurrentSecret = Secret, NextSecret = Other };
        WebhookSignature.Verify(old, Body, rotating, Now).Should().Be(SignatureVerdict.Valid);
        WebhookSignature.Verify(young, Body, rotating, Now).Should().Be(SignatureVerdict.Valid);

        var rotated = new WebhookOptions { NextSecret = Other };
        WebhookSignature.Verify(old, Body, rotated, Now).Should().Be(SignatureVerdict.Mismatch);
        WebhookSignature.Verify(young, Body, rotated, Now).Should().Be(SignatureVerdict.Valid);
    }

    [Fact]
    public void Verify_without_any_secret_says_so_even_if_signed()
        => WebhookSignature.Verify(WebhookSignature.Sign(Body, Secret, Now), Body, new WebhookOptions { CurrentSecret = "" }, Now)
            .Should().Be(SignatureVerdict.NoSecret);

    [Theory]
    [InlineData("", SignatureVerdict.Missing)]
    [InlineData("   ", SignatureVerdict.Missing)]
    [InlineData("t=1781104806", SignatureVerdict.Malformed)]
    [InlineData("v1={v1}", SignatureVerdict.Malformed)]
    [InlineData("t=1781104806;v1={v1}", SignatureVerdict.Malformed)]
    [InlineData("t=,v1={v1}", SignatureVerdict.Malformed)]
    [InlineData("t=+1781104806,v1={v1}", SignatureVerdict.Malformed)]
    [InlineData("t=-1,v1={v1}", SignatureVerdict.Malformed)]
    [InlineData("t=1781104806.0,v1={v1}", SignatureVerdict.Malformed)]
    [InlineData("t=99999999999999999999,v1={v1}", SignatureVerdict.Malformed)]
    [InlineData("t=1781104806,t=1781104806,v1={v1}", SignatureVerdict.Malformed)]
    [InlineData("t=1781104806,v1=abc", SignatureVerdict.Malformed)]
    [InlineData("t=1781104806,v1=zz{v1}", SignatureVerdict.Malformed)]
    [InlineData("t=1781104806,v1", SignatureVerdict.Malformed)]
    [InlineData("t=9223372036854775807,v1={v1}", SignatureVerdict.TooNew)]
    [InlineData("t=4294967296,v1={v1}", SignatureVerdict.TooNew)]
    [InlineData("t=0,v1={v1}", SignatureVerdict.TooOld)]
    [InlineData("t=1781104806,v0={v1}", SignatureVerdict.Malformed)]
    [InlineData("t=1781104806,v0=whatever,v1={v1}", SignatureVerdict.Valid)]
    [InlineData("v1={v1},t=1781104806", SignatureVerdict.Valid)]
    [InlineData(" t=1781104806 , v1={v1} ", SignatureVerdict.Valid)]
    public void Verify_header_is_read_strictly(string header, SignatureVerdict expected)
    {
        var signed = WebhookSignature.Sign(Body, Secret, Now);
        var v1 = signed[(signed.IndexOf("v1=", StringComparison.Ordinal) + 3)..];

        WebhookSignature.Verify(header.Replace("{v1}", v1), Body, new WebhookOptions { CurrentSecret = Secret }, Now).Should().Be(expected);
    }

    [Fact]
    public void Verify_two_headers_are_refused_even_if_both_are_right()
    {
        var header = WebhookSignature.Sign(Body, Secret, Now);

        WebhookSignature.Verify(new StringValues([header, header]), Body, new WebhookOptions { CurrentSecret = Secret }, Now)
            .Should().Be(SignatureVerdict.Repeated);
    }

    [Fact]
    public void Verify_more_signatures_than_any_rotation_has_is_malformed()
    {
        var header = WebhookSignature.Sign(Body, Secret, Now) + string.Concat(Enumerable.Repeat(",v1=" + new string('0', 64), 16));
        WebhookSignature.Verify(header, Body, new WebhookOptions { CurrentSecret = Secret }, Now).Should().Be(SignatureVerdict.Malformed);
    }

    private static bool Verify(JsonNode example, SecretKeyMode mode)
    {
        var options = new WebhookOptions
        {
            CurrentSecret = (string)Examples["secret"]!,
            KeyMode = mode,
            ToleranceSeconds = (int)Examples["toleranceSeconds"]!,
        };
        var body = Encoding.UTF8.GetBytes((string)example["body"]!);
        var now = DateTimeOffset.FromUnixTimeSeconds((long)example["now"]!);
        return WebhookSignature.Verify((string)example["header"]!, body, options, now) == SignatureVerdict.Valid;
    }
}
