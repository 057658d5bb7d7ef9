using System.Text.Json;
using System.Text.RegularExpressions;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.OpenApi;
using OmsWorkflows.Http;
using OmsWorkflows.Local.ApiDocument;

namespace OmsWorkflows.ApiDocument.Tests;

public sealed partial class DocumentTests
{
    private static readonly string Text = Document.Create();
    private static readonly Microsoft.OpenApi.Reader.ReadResult Read = OpenApiDocument.Parse(Text, "json");

    public static TheoryData<string> Bodies
        => [.. Functions.All.Select(function => function.Name).Where(name => OperationTable.Of(name).Body is not null)];

    private static OpenApiDocument Api => Read.Document ?? throw new InvalidOperationException("The document could not be read.");

    [Fact]
    public void Document_ThatIsCheckedIn_IsWhatTheCodeSays()
        => File.ReadAllText(Repository.ApiDocument).Should().Be(Text, "after a change of the API: dotnet run --project local/ApiDocument");

    [Fact]
    public void Document_ByTheStandardsReader_HasNothingWrong()
    {
        Read.Diagnostic?.Errors.Should().BeEmpty();
        Read.Diagnostic?.Warnings.Should().BeEmpty();
        Api.Paths.Should().HaveCountGreaterThan(15);
    }

    [Fact]
    public void Document_NamesEveryQueryParameterThatTheCodeReads()
    {
        var read = Repository.Sources.SelectMany(file => QueryRead().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value)
            .Append("limit").Append("after").Append("reference").Append("reason").Distinct();

        Parameters(ParameterLocation.Query).Should().BeEquivalentTo(read);
    }

    [Fact]
    public void Document_NamesEveryProblemType()
    {
        var types = Member("Problem", "type").Examples?.Select(example => example.GetValue<string>()).ToList() ?? [];

        types.Should().Contain([
            "urn:oms-workflows:problem:validation",
            "urn:oms-workflows:problem:invalid-state",
            "urn:oms-workflows:problem:unavailable",
        ]);
        types.Should().OnlyHaveUniqueItems();
    }

    [Theory, MemberData(nameof(Bodies))]
    public void Example_OfABody_IsValid(string function)
    {
        var body = BodyOf(function);

        var result = Validate(body, body.Example.Deserialize(body.Type, ApiJson.Options));

        result.Errors.Should().BeEmpty();
    }

    [Theory, MemberData(nameof(Bodies))]
    public void Body_WithoutWhatItsSchemaRequires_IsRefused(string function)
    {
        var body = BodyOf(function);
        foreach (var member in Schema(body.Name ?? body.Type.Name).Required ?? new HashSet<string>())
        {
            var incomplete = body.Example.DeepClone().AsObject();
            incomplete.Remove(member);

            var result = Validate(body, incomplete.Deserialize(body.Type, ApiJson.Options));

            result.IsValid.Should().BeFalse("{0} says that {1} is required", function, member);
        }
    }

    [Fact]
    public void Schema_HasTheLimitsOfItsValidator()
    {
        Member("Applicant", "firstName").MaxLength.Should().Be(200);
        Member("Applicant", "phone").Pattern.Should().StartWith("^\\+");
        Member("Applicant", "birthDate").Format.Should().Be("date");
        Schema("Applicant").Required.Should().Contain(["firstName", "email", "residentialAddress"]).And.NotContain("middleName");
    }

    [Fact]
    public void Operation_OfTheWebhook_NeedsNoKey()
        => Api.Paths["/api/webhooks/oms"].Operations?[HttpMethod.Post].Security.Should().BeEmpty();

    private static Body BodyOf(string function)
        => OperationTable.Of(function).Body ?? throw new InvalidOperationException($"{function} has no body.");

    private static IOpenApiSchema Schema(string name)
        => Api.Components?.Schemas?[name] ?? throw new InvalidOperationException($"There is no schema {name}.");

    private static IOpenApiSchema Member(string schema, string name)
        => Schema(schema).Properties?[name] ?? throw new InvalidOperationException($"{schema} has no {name}.");

    private static ValidationResult Validate(Body body, object? value)
    {
        var context = typeof(ValidationContext<>).MakeGenericType(body.Type);
        return body.Validator.Validate((FluentValidation.IValidationContext)(Activator.CreateInstance(context, value)
            ?? throw new InvalidOperationException($"{body.Type} cannot be validated.")));
    }

    private static IEnumerable<string?> Parameters(ParameterLocation place)
        => Api.Paths.Values.SelectMany(path => path.Operations ?? [])
            .SelectMany(operation => operation.Value.Parameters ?? [])
            .Where(parameter => parameter.In == place)
            .Select(parameter => parameter.Name)
            .Distinct();

    [GeneratedRegex("""(?:query\.(?:Id|Optional|Required|Time|Flag|Number|(?:Required)?Choice(?:<\w+>)?)\(|\.Query\[)"(\w+)""")]
    private static partial Regex QueryRead();
}
