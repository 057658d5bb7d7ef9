using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace OmsWorkflows.Analyzers.Tests;

public sealed class WorkflowAnalyzerTests
{
    private const string Prelude = """
        using System; using System.IO; using System.Linq; using System.Threading; using System.Threading.Tasks;
        public abstract class TaskOrchestrationContext { public abstract Task Call(); public DateTime CurrentUtcDateTime => default; }
        public static class Elsewhere { public static Task Work() => Task.CompletedTask; }
        """;

    [Theory]
    [InlineData("var now = DateTime.UtcNow;", "OMSW001")]
    [InlineData("var now = DateTimeOffset.Now;", "OMSW001")]
    [InlineData("var now = TimeProvider.System.GetUtcNow();", "OMSW001")]
    [InlineData("await Task.Delay(1);", "OMSW001")]
    [InlineData("var id = Guid.NewGuid();", "OMSW002")]
    [InlineData("var n = new Random(1).Next();", "OMSW002")]
    [InlineData("Func<Guid> make = Guid.NewGuid;", "OMSW002")]
    [InlineData("await Task.Run(() => 1);", "OMSW003")]
    [InlineData("context.Call().ContinueWith(_ => { });", "OMSW003")]
    [InlineData("context.Call().Wait();", "OMSW003")]
    [InlineData("Thread.Sleep(1);", "OMSW003")]
    [InlineData("await context.Call().ConfigureAwait(false);", "OMSW004")]
    [InlineData("File.Delete(\"x\");", "OMSW005")]
    [InlineData("var path = Environment.GetEnvironmentVariable(\"PATH\");", "OMSW005")]
    [InlineData("Console.WriteLine();", "OMSW005")]
    [InlineData("await Elsewhere.Work();", "OMSW007")]
    public async Task What_a_replay_cannot_repeat_is_an_error(string statement, string rule)
        => (await FindAsync("X.workflow.cs", statement)).Should().Contain(rule);

    [Theory]
    [InlineData("await context.Call();")]
    [InlineData("await Task.WhenAll(context.Call(), context.Call());")]
    [InlineData("await Task.WhenAny(context.Call());")]
    [InlineData("await Helper(context);")]
    [InlineData("var now = context.CurrentUtcDateTime + TimeSpan.FromHours(1);")]
    [InlineData("using var stop = new CancellationTokenSource(); stop.Cancel();")]
    public async Task What_replays_the_same_is_allowed(string statement)
        => (await FindAsync("X.workflow.cs", statement)).Should().BeEmpty();

    [Fact]
    public async Task Mutable_static_state_is_an_error()
        => (await FindAsync("X.workflow.cs", "", "static int count;")).Should().Equal("OMSW006");

    [Fact]
    public async Task Other_files_are_left_alone()
        => (await FindAsync("X.cs", "var now = DateTime.UtcNow; await Task.Delay(1);", "static int count;")).Should().BeEmpty();

    private static async Task<ImmutableArray<string>> FindAsync(string path, string statement, string member = "")
    {
        var source = $$"""
            using System; using System.IO; using System.Linq; using System.Threading; using System.Threading.Tasks;
            public static class Workflow
            {
                {{member}}
                public static async Task Run(TaskOrchestrationContext context) { {{statement}} await context.Call(); }
                private static Task Helper(TaskOrchestrationContext context) => context.Call();
            }
            """;
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(file => MetadataReference.CreateFromFile(file));
        var compilation = CSharpCompilation.Create(
            "Subject",
            [CSharpSyntaxTree.ParseText(Prelude, path: "Prelude.cs"), CSharpSyntaxTree.ParseText(source, path: path)],
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        compilation.GetDiagnostics().Should().NotContain(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

        var found = await compilation.WithAnalyzers([new WorkflowAnalyzer()]).GetAnalyzerDiagnosticsAsync();
        found.Should().NotContain(diagnostic => diagnostic.Id == "AD0001");
        return [.. found.Select(diagnostic => diagnostic.Id).Distinct()];
    }
}
