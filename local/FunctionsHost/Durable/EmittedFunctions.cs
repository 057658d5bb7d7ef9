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
/// WebJobs finds functions as static methods with attributes. This makes one such method for each durable function of the app, and one that
/// takes a durable client, all in one type.
/// </summary>
internal static class EmittedFunctions
{
    /// <summary>The method that takes what describes the durable client to a worker.</summary>
    public const string ClientMethod = "TakeDurableClient";

    private const string BodyField = "Body";

    /// <summary>Makes the type.</summary>
    public static Type Make(IEnumerable<Function> functions, DurableFunctionBody body)
    {
        const string name = "DurableFunctions";
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName(name), AssemblyBuilderAccess.Run);
        const TypeAttributes staticType = TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed;
        var type = assembly.DefineDynamicModule(name).DefineType(name, staticType);
        var field = type.DefineField(BodyField, typeof(DurableFunctionBody), FieldAttributes.Public | FieldAttributes.Static);
        foreach (var function in functions)
            AddFunction(type, field, function);

        AddClientMethod(type, field);
        var made = type.CreateType();
        made.GetField(BodyField)!.SetValue(null, body);
        return made;
    }

    /// <summary><c>static Task&lt;object&gt; NAME([Trigger] string, [string instanceId,] CancellationToken)</c>: exactly that.</summary>
    private static void AddFunction(TypeBuilder type, FieldInfo body, Function function)
    {
        var isActivity = function.Trigger.Is(BindingTypes.ActivityTrigger);
        Type[] parameters = [typeof(string), .. isActivity ? [typeof(string)] : Type.EmptyTypes, typeof(CancellationToken)];
        var method = Define(type, function.Name, typeof(Task<object>), parameters, Attribute<FunctionNameAttribute>([function.Name]));
        method.DefineParameter(1, ParameterAttributes.None, "input").SetCustomAttribute(Trigger(function.Trigger));
        if (isActivity)
            method.DefineParameter(2, ParameterAttributes.None, "instanceId");

        method.DefineParameter(parameters.Length, ParameterAttributes.None, "cancellation");
        var (instanceId, cancellation) = isActivity ? (OpCodes.Ldarg_1, OpCodes.Ldarg_2) : (OpCodes.Ldnull, OpCodes.Ldarg_1);
        CallBody(method, body, function.Name, instanceId, cancellation);
    }

    /// <summary>The trigger's attribute; it may give the function another name in the task hub.</summary>
    private static CustomAttributeBuilder Trigger(Binding trigger)
    {
        if (trigger.Is(BindingTypes.OrchestrationTrigger))
            return Attribute<OrchestrationTriggerAttribute>(("Orchestration", trigger.Text("orchestration")));

        return trigger.Is(BindingTypes.ActivityTrigger)
            ? Attribute<ActivityTriggerAttribute>(("Activity", trigger.Text("activity")))
            : Attribute<EntityTriggerAttribute>(("EntityName", trigger.Text("entityName")));
    }

    private static void AddClientMethod(TypeBuilder type, FieldInfo body)
    {
        Type[] parameters = [typeof(string), typeof(CancellationToken)];
        var method = Define(type, ClientMethod, typeof(Task), parameters, Attribute<NoAutomaticTriggerAttribute>());
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
        return new(
            typeof(T).GetConstructor([])!,
            [],
            [.. set.Select(property => typeof(T).GetProperty(property.Name)!)],
            [.. set.Select(property => (object)property.Value!)]);
    }
}
