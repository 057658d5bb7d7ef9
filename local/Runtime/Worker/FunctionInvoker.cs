using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace OmsWorkflows.Local.Runtime.Worker;

/// <summary>Runs a function: a scope of services, the middleware, then the method with its parameters filled.</summary>
/// <remarks>Nothing here leaves the caller's synchronisation context: an orchestrator runs through the same code and has to stay on its engine's thread.</remarks>
internal sealed class FunctionInvoker
{
    private readonly IServiceScopeFactory _scopes;
    private readonly FunctionExecutionDelegate _pipeline;
    private readonly ConcurrentDictionary<Type, ObjectFactory> _factories = new();

    public FunctionInvoker(IServiceScopeFactory scopes, IEnumerable<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware)
    {
        _scopes = scopes;
        _pipeline = middleware.Reverse().Aggregate((FunctionExecutionDelegate)ExecuteAsync, (next, wrap) => wrap(next));
    }

    /// <summary>Runs <paramref name="function"/> and returns what it returned.</summary>
    /// <param name="function">The function.</param>
    /// <param name="triggerValue">What the trigger brought.</param>
    /// <param name="cancellation">Cancelled when the caller goes away or the app stops.</param>
    /// <param name="prepare">Adds what the trigger's kind brings to the invocation.</param>
    public async Task<object?> InvokeAsync(FunctionDescriptor function, object? triggerValue, CancellationToken cancellation, Action<Invocation>? prepare = null)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var invocation = new Invocation(function, triggerValue, scope.ServiceProvider, cancellation);
        prepare?.Invoke(invocation);
        await _pipeline(invocation);
        return invocation.Result;
    }

    private async Task ExecuteAsync(FunctionContext context)
    {
        var invocation = (Invocation)context;
        var function = invocation.Function;
        var arguments = new object?[function.Binders.Length];
        for (var i = 0; i < arguments.Length; i++)
            arguments[i] = await function.Binders[i](invocation);

        var target = function.Method.IsStatic
            ? null
            : _factories.GetOrAdd(function.Method.DeclaringType!, static type => ActivatorUtilities.CreateFactory(type, []))(invocation.InstanceServices, null);
        var returned = function.Method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
        if (returned is Task task)
        {
            await task;
            returned = function.ReadResult(task);
        }

        invocation.Result = returned;
    }
}
