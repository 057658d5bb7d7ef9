using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using FluentValidation;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Http;
using OmsWorkflows.Journeys;
using OmsWorkflows.Onboarding;

namespace OmsWorkflows.Functions.Tests.Onboarding;

public sealed class ApplicantValidatorTests
{
    private static readonly FakeTimeProvider Clock = new(new DateTimeOffset(2026, 6, 10, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_whole_applicant_is_valid() => Errors(Applicant()).Should().BeEmpty();

    [Theory]
    [InlineData("firstName", "\"\"")]
    [InlineData("firstName", "\"  \"")]
    [InlineData("firstName", "\"An\\u0000a\"")]
    [InlineData("lastName", "\"Re\\nyes\"")]
    [InlineData("lastName", "null")]
    [InlineData("middleName", "\"\"")]
    [InlineData("externalId", "\"\"")]
    [InlineData("externalId", "\"a\\tb\"")]
    [InlineData("externalId", "\"\\u200b\"")]
    [InlineData("firstName", "\"\\u200b\\ufeff \"")]
    [InlineData("lastName", "\"Re\\u2028yes\"")]
    [InlineData("email", "\"nobody\"")]
    [InlineData("email", "\"a@b@c.test\"")]
    [InlineData("email", "\"ana reyes@example.test\"")]
    [InlineData("email", "\"ana@ example.test\"")]
    [InlineData("email", "\" ana@example.test\"")]
    [InlineData("phone", "\"+1\\u0663\\u0661\\u0662\\u0665\\u0665\\u0665\\u0660\\u0661\\u0667\\u0667\"")]
    [InlineData("phone", "\"+12125550142\\n\"")]
    [InlineData("phone", "\"12125550142\"")]
    [InlineData("nationality", "\"us\"")]
    [InlineData("nationality", "\"USA\"")]
    [InlineData("nationality", "\"US\\n\"")]
    [InlineData("nationality", "\"\\uff35\\uff33\"")]
    [InlineData("birthDate", "\"2026-06-10\"")]
    [InlineData("birthDate", "\"0001-01-01\"")]
    [InlineData("ipAddress", "\"1\"")]
    [InlineData("ipAddress", "\"0x7f.1\"")]
    [InlineData("ipAddress", "\"fe80::1%eth0\"")]
    [InlineData("identifyingInformation", "[]")]
    [InlineData("identifyingInformation", "null")]
    public void What_cannot_be_is_refused_by_its_name(string field, string value)
        => Errors(Applicant(applicant => applicant[field] = JsonNode.Parse(value))).Should().Contain(field);

    [Theory]
    [InlineData("line1")]
    [InlineData("line2")]
    [InlineData("city")]
    public void What_does_not_fit_the_store_is_refused_by_its_name(string field)
        => Errors(Applicant(applicant => applicant["residentialAddress"]![field] = new string('x', 40_000)))
            .Should().Equal($"residentialAddress.{field}");

    [Fact]
    public void An_identity_that_is_null_is_refused_by_its_place()
        => Errors(Applicant(applicant => applicant["identifyingInformation"] = new JsonArray([null])))
            .Should().Equal("identifyingInformation[0]");

    [Fact]
    public void More_identities_than_the_store_holds_are_refused()
        => Errors(Applicant(applicant =>
        {
            var entry = applicant["identifyingInformation"]![0]!;
            applicant["identifyingInformation"] = new JsonArray([.. Enumerable.Range(0, 6).Select(_ => entry.DeepClone())]);
        })).Should().Equal("identifyingInformation");

    [Theory]
    [InlineData("SG", false, true)]
    [InlineData("DE", false, true)]
    [InlineData("HK", false, false)]
    [InlineData("AE", false, false)]
    [InlineData("US", true, true)]
    public void State_and_postcode_are_asked_for_where_the_country_has_them(string country, bool state, bool zipCode)
    {
        var errors = Errors(Applicant(applicant =>
        {
            var address = applicant["residentialAddress"]!.AsObject();
            address["country"] = country;
            address.Remove("state");
            address.Remove("zipCode");
        }));

        errors.Contains("residentialAddress.state").Should().Be(state);
        errors.Contains("residentialAddress.zipCode").Should().Be(zipCode);
    }

    [Theory]
    [InlineData("firstName")]
    [InlineData("lastName")]
    public void A_person_with_one_name_is_told_what_to_send(string missing)
    {
        var applicant = Read(Applicant(applicant => applicant.Remove(missing)));

        var result = new ApplicantValidator(Clock).Validate(applicant);

        result.Errors.Should().ContainSingle().Which.ErrorMessage.Should().Contain("one name");
    }

    [Theory]
    [InlineData("{}", "body")]
    [InlineData("{\"externalId\":\"other\"}", "externalId")]
    [InlineData("{\"identifyingInformation\":[null]}", "identifyingInformation[0]")]
    [InlineData("{\"phone\":\"1\"}", "phone")]
    public void A_supplement_needs_something_that_can_be_supplied(string body, string field)
        => Errors(new ApplicantSupplyValidator(Clock), Read(JsonNode.Parse(body)!.AsObject())).Should().Contain(field);

    [Fact]
    public void A_supplement_may_be_one_field()
        => Errors(new ApplicantSupplyValidator(Clock), new Applicant { Phone = "+12125550142" }).Should().BeEmpty();

    [Fact]
    public void No_text_makes_the_validator_throw()
        => Gen.String.Sample(
            text => Errors(
                new ApplicantValidator.Fields(Clock),
                new Applicant { FirstName = text, Phone = text, IpAddress = text, Email = text, Nationality = text }),
            iter: 2_000);

    private static JsonObject Applicant(Action<JsonObject>? change = null)
    {
        var applicant = JsonNode.Parse("""
            {
              "firstName": "Ana", "lastName": "Reyes", "email": "ana.reyes@example.test", "phone": "+12125550142",
              "birthDate": "1988-11-02",
              "nationality": "US", "externalId": "user-1", "signedAgreement": true, "ipAddress": "203.0.113.7",
              "residentialAddress": { "line1": "410 W 24th St", "city": "New York", "state": "NY", "country": "US", "zipCode": "10011" },
              "identifyingInformation": [ { "type": "ssn", "issuingCountry": "US", "number": "900-00-0001" } ]
            }
            """)!.AsObject();
        change?.Invoke(applicant);
        return applicant;
    }

    private static Applicant Read(JsonObject applicant) => applicant.Deserialize<Applicant>(ApiJson.Options)!;

    private static List<string> Errors(JsonObject applicant) => Errors(new ApplicantValidator(Clock), Read(applicant));

    private static List<string> Errors(IValidator<Applicant> validator, Applicant applicant)
        => [.. validator.Validate(applicant).Errors
            .Select(error => string.Join('.', error.PropertyName.Split('.').Select(CamelCase)))
            .Distinct()];

    private static string CamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
