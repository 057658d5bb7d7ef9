using System.Text.Json;
using System.Text.Json.Nodes;
using OmsWorkflows.Local.FunctionsHost.Rpc;

namespace OmsWorkflows.Local.FunctionsHost.Functions;

/// <summary>One function of the app, as the worker describes it.</summary>
internal sealed class Function
{
    private Function(string name, IReadOnlyList<Binding> bindings)
    {
        Name = name;
        Bindings = bindings;
        var triggers = bindings.Where(binding => binding.IsTrigger).ToList();
        Trigger = triggers.Count == 1
            ? triggers[0]
            : throw new StartRefusedException($"Function '{name}' has {triggers.Count} triggers: a function has exactly one.");
    }

    public string Name { get; }

    public IReadOnlyList<Binding> Bindings { get; }

    public Binding Trigger { get; }

    /// <summary>The parameters that take a durable client.</summary>
    public IEnumerable<string> DurableClients
        => Bindings.Where(binding => binding.Is(BindingTypes.DurableClient)).Select(binding => binding.Name);

    /// <summary>Reads the worker's description.</summary>
    /// <exception cref="StartRefusedException">A binding is not JSON, or there is not exactly one trigger.</exception>
    public static Function From(RpcFunctionMetadata metadata)
    {
        try
        {
            return new(metadata.Name, [.. metadata.RawBindings.Select(raw => new Binding((JsonObject)JsonNode.Parse(raw)!))]);
        }
        catch (Exception e) when (e is JsonException or InvalidCastException)
        {
            throw new StartRefusedException($"Function '{metadata.Name}' has a binding that cannot be read: {e.Message}", e);
        }
    }
}
