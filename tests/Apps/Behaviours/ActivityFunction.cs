using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;

namespace OmsWorkflows.BehavioursApp;

/// <summary>
/// Runs the activities of the behaviours as functions with a trigger, which is how an app writes them: one method, listed under the name of
/// each.
/// </summary>
public sealed class ActivityFunction(BehaviourTasks tasks, IServiceProvider services)
{
    [Function(nameof(RunActivity))]
    public Task<object?> RunActivity([ActivityTrigger] JsonElement? input, string instanceId, FunctionContext context)
    {
        var name = context.FunctionDefinition.Name;
        var activity = tasks.Current.Activities[name](services);
        return activity.RunAsync(
            new Context(name, instanceId), JsonDataConverter.Default.Deserialize(input?.GetRawText(), activity.InputType));
    }

    private sealed class Context(TaskName name, string instanceId) : TaskActivityContext
    {
        public override TaskName Name => name;

        public override string InstanceId => instanceId;
    }

    /// <summary>Lists the method under the names of the activities.</summary>
    public sealed class Names(BehaviourTasks tasks) : IFunctionMetadataTransformer
    {
        public string Name => nameof(Names);

        public void Transform(IList<IFunctionMetadata> original)
        {
            var method = original.Single(function => function.Name == nameof(RunActivity));
            original.Remove(method);
            foreach (var activity in tasks.ActivityNames)
            {
                original.Add(new DefaultFunctionMetadata
                {
                    Name = activity,
                    EntryPoint = method.EntryPoint,
                    ScriptFile = method.ScriptFile,
                    Language = method.Language,
                    RawBindings = method.RawBindings,
                });
            }
        }
    }
}
