using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;

namespace OmsWorkflows.Http;

/// <summary>What was read from a request: a valid value, or the problem to answer with.</summary>
internal sealed class Checked<T>
    where T : class
{
    /// <summary>A valid value.</summary>
    public Checked(T value) => Value = value;

    /// <summary>What is wrong with the request.</summary>
    public Checked(IResult problem) => Problem = problem;

    /// <summary>Whether there is a value; else there is a problem.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsValid => Value is not null;

    public T? Value { get; }

    public IResult? Problem { get; }
}
