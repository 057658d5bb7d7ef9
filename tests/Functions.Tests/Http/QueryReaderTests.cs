using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using OmsWorkflows.Http;
using OmsWorkflows.Journeys;

namespace OmsWorkflows.Functions.Tests.Http;

public sealed class QueryReaderTests
{
    [Theory]
    [InlineData("?email=ana%40example.test", "email")]
    [InlineData("?limit=5&limit=6", "limit")]
    [InlineData("?limit=", "limit")]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=+5", "limit")]
    [InlineData("?limit=%D9%A5", "limit")]
    [InlineData("?phase=Done", "phase")]
    [InlineData("?phase=3", "phase")]
    [InlineData("?phase=Completed,Failed", "phase")]
    [InlineData("?phase=Completed%20", "phase")]
    [InlineData("?from=6/10/2026", "from")]
    [InlineData("?from=10:00", "from")]
    [InlineData("?from=2026-06-31", "from")]
    [InlineData("?from=2026-06-10T15:20:04+02:00", "from")]
    [InlineData("?customerId=cst_1%00", "customerId")]
    [InlineData("?after=bm9uc2Vuc2U", "after")]
    [InlineData("?after=%25", "after")]
    public async Task A_parameter_that_cannot_be_meant_is_refused_by_its_name(string query, string name)
    {
        var asked = await ReadAsync(query);

        asked.Status.Should().Be(400);
        asked.Errors.Should().Equal(name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?code=key")]
    [InlineData("?limit=5&phase=completed&customerId=cst_1")]
    [InlineData("?from=2026-06-10")]
    [InlineData("?from=2026-06-10T15:20:04.123Z")]
    [InlineData("?from=2026-06-10T15:20:04%2B02:00")]
    public async Task What_is_meant_is_read(string query) => (await ReadAsync(query)).Status.Should().Be(200);

    [Fact]
    public async Task A_page_token_is_good_for_its_own_list_only()
    {
        var token = PageToken.Encode("list", "1!8!YWJj");

        (await ReadAsync($"?after={token}")).Status.Should().Be(200);
        (await ReadAsync($"?after={PageToken.Encode("other", "1!8!YWJj")}")).Errors.Should().Equal("after");
        (await ReadAsync($"?after={token![..^2]}")).Errors.Should().Equal("after");
    }

    private static Task<Asked> ReadAsync(string query) => Asked.AskAsync("", request =>
    {
        var reader = new QueryReader(new QueryCollection(QueryHelpers.ParseQuery(query)));
        reader.Limit(20, 100);
        reader.Choice<JourneyPhase>("phase");
        reader.Time("from", DateTimeOffset.UnixEpoch);
        reader.Id("customerId");
        reader.After("list");
        return Task.FromResult(reader.Problem ?? Results.Json(new { }));
    });
}
