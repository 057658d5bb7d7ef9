using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Azure.Functions.Worker;

namespace OmsWorkflows.Functions.Tests.Recorded;

/// <summary>
/// While a deployment goes on, instances of the release before schedule activities by its names: each name stays for one release
/// (docs/decisions/0011-many-instances.md). The list names the release that brought a name; take a line out only when the code and the
/// release
/// before have done without it.
/// </summary>
public sealed class ActivityNamesTests
{
    [Fact]
    public void Every_activity_of_the_list_is_there_and_every_activity_is_in_the_list()
    {
        var listed = File.ReadLines(Path.Combine(Path.GetDirectoryName(ThisFile())!, "activities.txt")).Select(line => line.Split(' ')[1]);

        var present =
            from method in typeof(Program).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            where method.GetParameters().Any(parameter => parameter.IsDefined(typeof(ActivityTriggerAttribute)))
            select method.GetCustomAttribute<FunctionAttribute>()!.Name;

        present.Should().BeEquivalentTo(listed);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
