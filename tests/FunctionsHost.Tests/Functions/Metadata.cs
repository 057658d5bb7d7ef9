using System.Text.Json.Nodes;
using OmsWorkflows.Local.FunctionsHost.Functions;
using OmsWorkflows.Local.FunctionsHost.Rpc;

namespace OmsWorkflows.FunctionsHost.Tests.Functions;

/// <summary>Functions as a worker describes them.</summary>
internal static class Metadata
{
    public static RpcFunctionMetadata Of(string name, params JsonObject[] bindings)
    {
        var metadata = new RpcFunctionMetadata { Name = name };
        metadata.RawBindings.AddRange(bindings.Select(binding => binding.ToJsonString()));
        return metadata;
    }

    public static Function Function(string name, params JsonObject[] bindings)
        => Local.FunctionsHost.Functions.Function.From(Of(name, bindings));

    public static JsonObject Binding(string type, string name = "it") => new() { ["name"] = name, ["type"] = type };
}
