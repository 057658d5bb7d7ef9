using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Microsoft.DurableTask.Client;

/// <summary>An orchestration as a client saw it.</summary>
public sealed class OrchestrationMetadata
{
    /// <summary>Creates the metadata.</summary>
    /// <param name="name">Name of the orchestrator.</param>
    /// <param name="instanceId">Id of the instance.</param>
    public OrchestrationMetadata(string name, string instanceId)
    {
        Name = name;
        InstanceId = instanceId;
    }

    /// <summary>Name of the orchestrator.</summary>
    public string Name { get; }

    /// <summary>Id of the instance.</summary>
    public string InstanceId { get; }

    /// <summary>Reads input, output and status; <see langword="null"/> when they were not asked for.</summary>
    public DataConverter? DataConverter { get; init; }

    /// <summary>Where it stands.</summary>
    public OrchestrationRuntimeStatus RuntimeStatus { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last took a step.</summary>
    public DateTimeOffset LastUpdatedAt { get; init; }

    /// <summary>The input as written; <see langword="null"/> when not asked for.</summary>
    public string? SerializedInput { get; init; }

    /// <summary>The output as written, or the message of the failure; <see langword="null"/> when not asked for or not ended.</summary>
    public string? SerializedOutput { get; init; }

    /// <summary>The custom status as written; <see langword="null"/> when not asked for or not set.</summary>
    public string? SerializedCustomStatus { get; init; }

    /// <summary>The tags it was started with.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ImmutableDictionary.Create<string, string>();

    /// <summary>Why it failed; <see langword="null"/> when it did not or details were not asked for.</summary>
    public TaskFailureDetails? FailureDetails { get; init; }

    /// <summary>Whether it is running.</summary>
    public bool IsRunning => RuntimeStatus == OrchestrationRuntimeStatus.Running;

    /// <summary>Whether it has ended.</summary>
    public bool IsCompleted => RuntimeStatus
        is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;

    /// <summary>Reads the input.</summary>
    /// <typeparam name="T">Type to read it as.</typeparam>
    /// <exception cref="InvalidOperationException">Inputs and outputs were not asked for.</exception>
    public T? ReadInputAs<T>() => Read<T>(SerializedInput);

    /// <summary>Reads the output.</summary>
    /// <typeparam name="T">Type to read it as.</typeparam>
    /// <exception cref="InvalidOperationException">Inputs and outputs were not asked for.</exception>
    public T? ReadOutputAs<T>() => Read<T>(SerializedOutput);

    /// <summary>Reads the custom status.</summary>
    /// <typeparam name="T">Type to read it as.</typeparam>
    /// <exception cref="InvalidOperationException">Inputs and outputs were not asked for.</exception>
    public T? ReadCustomStatusAs<T>() => Read<T>(SerializedCustomStatus);

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder().Append(
            CultureInfo.InvariantCulture,
            $"[Name: '{Name}', ID: '{InstanceId}', RuntimeStatus: {RuntimeStatus}, CreatedAt: {CreatedAt:s}, LastUpdatedAt: {LastUpdatedAt:s}");
        Append(text, "Input", SerializedInput);
        Append(text, "Output", SerializedOutput);
        if (FailureDetails is not null)
        {
            Append(text, "FailureDetails", $"{FailureDetails.ErrorType} - {Shorten(FailureDetails.ErrorMessage)}", shorten: false);
        }

        return text.Append(']').ToString();
    }

    private static void Append(StringBuilder text, string name, string? value, bool shorten = true)
    {
        if (value is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $", {name}: '{(shorten ? Shorten(value) : value)}'");
        }
    }

    private static string Shorten(string value) => value.Length > 50 ? $"{value[..50]}..." : value;

    [SuppressMessage("Naming", "CA1721", Justification = "Reads a serialised member.")]
    private T? Read<T>(string? data) => DataConverter is null
        ? throw new InvalidOperationException(
            "The orchestration was fetched without its inputs and outputs. Ask for them with getInputsAndOutputs: true.")
        : DataConverter.Deserialize<T>(data);
}
