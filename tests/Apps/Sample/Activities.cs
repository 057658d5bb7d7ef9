using Microsoft.Azure.Functions.Worker;

namespace OmsWorkflows.SampleApp;

public static class Activities
{
    [Function(nameof(Greet))]
    public static string Greet([ActivityTrigger] string name, string instanceId) => $"Hello {name} of {instanceId}";

    [Function(nameof(LengthOf))]
    public static int LengthOf([ActivityTrigger] string text) => text.Length;

    [Function(nameof(AddOne))]
    public static int AddOne([ActivityTrigger] int number) => number + 1;

    [Function(nameof(Throw))]
    public static string Throw([ActivityTrigger] string? input) => throw new InvalidOperationException("no luck");

    /// <summary>Notes each of its runs in the folder's file <c>runs</c>, and ends when <c>go</c> is there.</summary>
    [Function(nameof(Wait))]
    public static async Task<string> Wait([ActivityTrigger] string folder)
    {
        await File.AppendAllTextAsync(Path.Combine(folder, "runs"), $"{Environment.ProcessId}\n");
        await Files.UntilThereAsync(Path.Combine(folder, "go"), CancellationToken.None);
        return "waited";
    }
}
