using System.Reflection;
using System.Reflection.Emit;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using OmsWorkflows.Local.FunctionsHost.Functions;

namespace OmsWorkflows.Local.FunctionsHost.Durable;

/// <summary>What a durable function does when the extension calls it.</summary>
/// <param name="function">Its name.</param>
/// <param name="input">What the trigger brought.</param>
/// <param name="instanceId">The orchestration an activity belongs to; <see langword="null"/> for the others.</param>
/// <param name="cancellation">Cancelled when the host stops.</param>
public delegate Task<object?> DurableFunctionBody(string function, string? input, string? instanceId, CancellationToken cancellation);

/// <summary>
/// WebJobs finds functions as static methods with attributes. This makes one such method for each durable function of the app, and one that takes a
/// durable client, all in one type.
/// </summary>
internal static class EmittedFunctions
{
    /// <summary>The method that takes what describes the durable client to a worker.</summary>
    public const string ClientMethod = "TakeDurableClient";

    private const string BodyField = "Body";

    /// <summary>Makes the type.</summary>
    public static Type Make(IEnumerable<Function> functions, DurableFunctionBody body)
    {
        var module = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("DurableFunctions"), AssemblyBuilderAccess.Run).DefineDynamicModule("DurableFunctions");
        var type = module.DefineType("DurableFunctions", TypeAttributes.Public | TypeAttributes.Class | TypeAttributes.Abstract | TypeAttributes.Sealed);
        var field = type.DefineField(BodyField, typeof(DurableFunctionBody), FieldAttributes.Public | FieldAttributes.Static);
        foreach (var function in functions)
        {
            switch (function.Trigger.Type.ToUpperInvariant())
            {
                case "ORCHESTRATIONTRIGGER":
                    AddFunction(type, field, function, Attribute<OrchestrationTriggerAttribute>((nameof(OrchestrationTriggerAttribute.Orchestration), function.Trigger.Text("orchestration"))));
                    break;
                case "ACTIVITYTRIGGER":
                    AddFunction(type, field, function, Attribute<ActivityTriggerAttribute>((nameof(ActivityTriggerAttribute.Activity), function.Trigger.Text("activity"))), withInstanceId: true);
                    break;
                case "ENTITYTRIGGER":
                    AddFunction(type, field, function, Attribute<EntityTriggerAttribute>((nameof(EntityTriggerAttribute.EntityName), function.Trigger.Text("entityName"))));
                    break;
            }
        }

        AddClientMethod(type, field);
        var made = type.CreateType();
        made.GetField(BodyField)!.SetValue(null, body);
        return made;
    }

    /// <summary><c>static Task&lt;object&gt; NAME([Trigger] string, [string instanceId,] CancellationToken)</c>; a trigger's function has to return exactly that.</summary>
    private static void AddFunction(TypeBuilder type, FieldInfo body, Function function, CustomAttributeBuilder trigger, bool withInstanceId = false)
    {
        Type[] parameters = withInstanceId ? [typeof(string), typeof(string), typeof(CancellationToken)] : [typeof(string), typeof(CancellationToken)];
        var method = Define(type, function.Name, typeof(Task<object>), parameters, Attribute<FunctionNameAttribute>([function.Name]));
        method.DefineParameter(1, ParameterAttributes.None, "input").SetCustomAttribute(trigger);
        if (withInstanceId)
            method.DefineParameter(2, ParameterAttributes.None, "instanceId");

        method.DefineParameter(parameters.Length, ParameterAttributes.None, "cancellation");
        CallBody(method, body, function.Name, withInstanceId ? OpCodes.Ldarg_1 : OpCodes.Ldnull, withInstanceId ? OpCodes.Ldarg_2 : OpCodes.Ldarg_1);
    }

    private static void AddClientMethod(TypeBuilder type, FieldInfo body)
    {
        var method = Define(type, ClientMethod, typeof(Task), [typeof(string), typeof(CancellationToken)], Attribute<NoAutomaticTriggerAttribute>());
        method.DefineParameter(1, ParameterAttributes.None, "client").SetCustomAttribute(Attribute<DurableClientAttribute>());
        method.DefineParameter(2, ParameterAttributes.None, "cancellation");
        CallBody(method, body, ClientMethod, OpCodes.Ldnull, OpCodes.Ldarg_1);
    }

    private static MethodBuilder Define(TypeBuilder type, string name, Type returns, Type[] parameters, CustomAttributeBuilder attribute)
    {
        var method = type.DefineMethod(name, MethodAttributes.Public | MethodAttributes.Static, returns, parameters);
        method.SetCustomAttribute(attribute);
        return method;
    }

    private static void CallBody(MethodBuilder method, FieldInfo body, string name, OpCode instanceId, OpCode cancellation)
    {
        var il = method.GetILGenerator();
        il.Emit(OpCodes.Ldsfld, body);
        il.Emit(OpCodes.Ldstr, name);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(instanceId);
        il.Emit(cancellation);
        il.Emit(OpCodes.Callvirt, typeof(DurableFunctionBody).GetMethod(nameof(DurableFunctionBody.Invoke))!);
        il.Emit(OpCodes.Ret);
    }

    private static CustomAttributeBuilder Attribute<T>(object[] arguments)
        => new(typeof(T).GetConstructor([.. arguments.Select(argument => argument.GetType())])!, arguments);

    /// <summary>An attribute without arguments, and with those of the properties that have a value.</summary>
    private static CustomAttributeBuilder Attribute<T>(params (string Name, string? Value)[] properties)
    {
        var set = properties.Where(property => !string.IsNullOrEmpty(property.Value)).ToList();
        return new(typeof(T).GetConstructor([])!, [], [.. set.Select(property => typeof(T).GetProperty(property.Name)!)], [.. set.Select(property => (object)property.Value!)]);
    }
}
