using System.Reflection;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Functions.Tests.House;

/// <summary>What is logged can be read: a value that is missing is said in words.</summary>
public sealed class LogTests
{
    private static readonly NullabilityInfoContext Nullability = new();

    [Fact]
    public void No_event_takes_a_value_that_would_be_logged_as_null()
    {
        var nullable = typeof(Program).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(method => method.GetCustomAttribute<LoggerMessageAttribute>() is not null)
            .SelectMany(method => method.GetParameters().Where(IsLogged).Where(CanBeNull)
                .Select(parameter => $"{method.Name}: {parameter.Name}"));

        nullable.Should().BeEmpty();
    }

    private static bool IsLogged(ParameterInfo parameter)
        => !parameter.ParameterType.IsAssignableTo(typeof(ILogger)) && !parameter.ParameterType.IsAssignableTo(typeof(Exception));

    private static bool CanBeNull(ParameterInfo parameter)
        => Nullable.GetUnderlyingType(parameter.ParameterType) is not null
            || Nullability.Create(parameter).WriteState == NullabilityState.Nullable;
}
