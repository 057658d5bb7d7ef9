using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using OmsWorkflows.Local.Runtime.Engine.Replay;

namespace OmsWorkflows.Local.Runtime.Worker.Durable;

/// <summary>Registers orchestration and activity functions with the engine, which knows nothing of functions.</summary>
internal static class DurableFunctions
{
    public static void Register(DurableTaskRegistry registry, IEnumerable<FunctionDescriptor> functions, Func<FunctionInvoker> invoker)
    {
        foreach (var function in functions)
        {
            switch (function.Trigger)
            {
                case OrchestrationTriggerAttribute trigger:
                    registry.AddOrchestrator(trigger.Orchestration ?? function.Name, () => new FunctionOrchestrator(function, invoker()));
                    break;
                case ActivityTriggerAttribute trigger:
                    registry.AddActivity(trigger.Activity ?? function.Name, _ => new FunctionActivity(function, invoker()));
                    break;
            }
        }
    }

    private sealed class FunctionOrchestrator(FunctionDescriptor function, FunctionInvoker invoker) : ITaskOrchestrator
    {
        public Type InputType => typeof(object);

        public Type OutputType => typeof(object);

        public Task<object?> RunAsync(TaskOrchestrationContext context, object? input)
        {
            ((OrchestrationContext)context).ConvertsInput = true;
            return invoker.InvokeAsync(function, context, CancellationToken.None);
        }
    }

    private sealed class FunctionActivity(FunctionDescriptor function, FunctionInvoker invoker) : ITaskActivity
    {
        public Type InputType => function.TriggerParameter.ParameterType;

        public Type OutputType => typeof(object);

        public Task<object?> RunAsync(TaskActivityContext context, object? input) => invoker.InvokeAsync(function, input, CancellationToken.None);
    }
}
