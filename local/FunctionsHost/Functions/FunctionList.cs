using OmsWorkflows.Local.FunctionsHost.Rpc;

namespace OmsWorkflows.Local.FunctionsHost.Functions;

/// <summary>The functions the host serves. What it cannot serve is refused here, by name, and never silently left out.</summary>
internal static class FunctionList
{
    /// <summary>Reads what the worker describes, without the functions that a setting disables.</summary>
    /// <exception cref="StartRefusedException">A trigger or binding is of a kind that this host does not serve.</exception>
    public static IReadOnlyList<Function> From(IEnumerable<RpcFunctionMetadata> metadata, IConfiguration settings)
    {
        var functions = metadata
            .Select(Function.From)
            .Where(function => !IsDisabled(function, settings))
            .OrderBy(function => function.Name, StringComparer.Ordinal)
            .ToList();
        var names = functions.CountBy(function => function.Name, StringComparer.OrdinalIgnoreCase);
        if (names.FirstOrDefault(name => name.Value > 1).Key is { } twice)
            throw new StartRefusedException($"Function '{twice}' is there twice: names are unique in an app, whatever their case.");

        foreach (var function in functions)
            Check(function);

        return functions;
    }

    private static void Check(Function function)
    {
        foreach (var binding in function.Bindings)
        {
            string[] served = binding.IsTrigger ? BindingTypes.Triggers : BindingTypes.Others;
            if (!served.Contains(binding.Type, StringComparer.OrdinalIgnoreCase))
            {
                var list = string.Join(", ", served);
                throw new StartRefusedException($"Function '{function.Name}' has a '{binding.Type}', which is not served: {list} are.");
            }

            var other = binding.Is(BindingTypes.DurableClient) ? binding.Text("taskHub") ?? binding.Text("connectionName") : null;
            if (!string.IsNullOrEmpty(other))
                throw new StartRefusedException($"Function '{function.Name}': its durable client names '{other}'; this host has one hub.");
        }
    }

    private static bool IsDisabled(Function function, IConfiguration settings)
        => bool.TryParse(settings[$"AzureWebJobs.{function.Name}.Disabled"], out var disabled) && disabled;
}
