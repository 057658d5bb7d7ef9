using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FluentValidation;
using FluentValidation.Results;
using OmsWorkflows.Http;
using OmsWorkflows.Local.ApiDocument;

namespace OmsWorkflows.ApiDocument.Tests;

public sealed partial class DocumentTests
{
    private static readonly string Text = Document.Create();
    private static readonly JsonObject Node = JsonNode.Parse(Text)!.AsObject();

    public static TheoryData<string> Bodies => [.. Functions.All.Select(function => function.Name).Where(name => OperationTable.Of(name).Body is not null)];

    [Fact]
    public void Document_ThatIsCheckedIn_IsWhatTheCodeSays()
        => File.ReadAllText(Repository.ApiDocument).Should().Be(Text, "after a change of the API: dotnet run --project local/ApiDocument");

    [Fact]
    public void Document_ByTheStandardsReader_HasNothingWrong()
    {
        var read = Microsoft.OpenApi.OpenApiDocument.Parse(Text, "json");

        read.Diagnostic!.Errors.Should().BeEmpty();
        read.Diagnostic.Warnings.Should().BeEmpty();
        read.Document!.Paths.Should().HaveCountGreaterThan(15);
    }

    [Fact]
    public void Document_NamesEveryQueryParameterThatTheCodeReads()
    {
        var read = Repository.Sources.SelectMany(file => QueryRead().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value)
            .Append("limit").Append("after").Append("reference").Distinct();

        Parameters("query").Should().BeEquivalentTo(read);
    }

    [Fact]
    public void Document_NamesEveryProblemType()
    {
        var types = Node["components"]!["schemas"]!["Problem"]!["properties"]!["type"]!["examples"]!.AsArray().Select(type => type!.GetValue<string>()).ToList();

        types.Should().Contain(["urn:oms-workflows:problem:validation", "urn:oms-workflows:problem:invalid-state", "urn:oms-workflows:problem:unavailable"]);
        types.Should().OnlyHaveUniqueItems();
    }

    [Theory, MemberData(nameof(Bodies))]
    public void Example_OfABody_IsValid(string function)
    {
        var body = OperationTable.Of(function).Body!;

        var value = body.Example.Deserialize(body.Type, ApiJson.Options)!;
        var result = Validate(body, value);

        result.Errors.Should().BeEmpty();
    }

    [Theory, MemberData(nameof(Bodies))]
    public void Body_WithoutWhatItsSchemaRequires_IsRefused(string function)
    {
        var body = OperationTable.Of(function).Body!;
        var schema = Node["components"]!["schemas"]![body.Name ?? body.Type.Name]!;
        foreach (var member in schema["required"]?.AsArray().Select(name => name!.GetValue<string>()) ?? [])
        {
            var incomplete = body.Example.DeepClone().AsObject();
            incomplete.Remove(member);

            var value = incomplete.Deserialize(body.Type, ApiJson.Options)!;
            var result = Validate(body, value);

            result.IsValid.Should().BeFalse("{0} says that {1} is required", function, member);
        }
    }

    [Fact]
    public void Schema_HasTheLimitsOfItsValidator()
    {
        var applicant = Node["components"]!["schemas"]!["Applicant"]!;

        applicant["properties"]!["firstName"]!["maxLength"]!.GetValue<int>().Should().Be(200);
        applicant["properties"]!["phone"]!["pattern"]!.GetValue<string>().Should().StartWith("^\\+");
        applicant["properties"]!["birthDate"]!["format"]!.GetValue<string>().Should().Be("date");
        applicant["required"]!.AsArray().Select(name => name!.GetValue<string>()).Should().Contain(["firstName", "email", "residentialAddress"]).And.NotContain("middleName");
    }

    [Fact]
    public void Operation_OfTheWebhook_NeedsNoKey()
        => Node["paths"]!["/api/webhooks/oms"]!["post"]!["security"]!.AsArray().Should().BeEmpty();

    private static ValidationResult Validate(Body body, object value)
        => body.Validator.Validate((IValidationContext)Activator.CreateInstance(typeof(ValidationContext<>).MakeGenericType(body.Type), value)!);

    private static IEnumerable<string> Parameters(string place) => Node["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject())
        .SelectMany(operation => operation.Value!["parameters"]?.AsArray() ?? []).Where(parameter => parameter!["in"]!.GetValue<string>() == place)
        .Select(parameter => parameter!["name"]!.GetValue<string>()).Distinct();

    [GeneratedRegex("""(?:query\.(?:Id|Optional|Required|Time|Flag|Choice(?:<\w+>)?)\(|\.Query\[)"(\w+)""")]
    private static partial Regex QueryRead();
}
