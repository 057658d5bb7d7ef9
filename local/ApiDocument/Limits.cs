using System.Reflection;
using System.Text.Json.Nodes;
using FluentValidation;
using FluentValidation.Internal;
using FluentValidation.Validators;

namespace OmsWorkflows.Local.ApiDocument;

/// <summary>What a validator asks of each member of a record: as schema keywords where there is one, and always in its own words.</summary>
internal sealed class Limits(IReadOnlyList<IValidationRule> rules)
{
    /// <summary>Nothing is asked.</summary>
    public static Limits None { get; } = new([]);

    /// <summary>Reads a validator.</summary>
    public static Limits Of(IValidator validator) => new([.. RulesOf(validator)]);

    /// <summary>Whether a member has to be there, whatever else is.</summary>
    public bool Requires(string member) => Rules(member).SelectMany(Components)
        .Any(component => component.Validator is INotNullValidator or INotEmptyValidator);

    /// <summary>What is asked of the member's own members.</summary>
    public Limits Child(string member)
        => Rules(member).SelectMany(rule => rule.Components).Select(component => component.Validator).OfType<IChildValidatorAdaptor>()
            .Select(ChildOf).FirstOrDefault() is { } child ? Of(child) : None;

    /// <summary>What is asked of the member, as the validator says it when it is not met.</summary>
    public string? Words(string member)
    {
        var words = Rules(member).SelectMany(rule => rule.Components).Where(component => component.Validator is not IChildValidatorAdaptor)
            .Select(component => component.GetUnformattedErrorMessage())
            .Where(message => !message.Contains('{', StringComparison.Ordinal)).Distinct()
            .Select(message => $"“{message}”").ToList();
        return words.Count == 0 ? null : $"Refused with {string.Join(" or ", words)}.";
    }

    /// <summary>Adds what JSON schema has keywords for.</summary>
    public void Apply(string member, JsonObject schema)
    {
        foreach (var validator in Rules(member).SelectMany(rule => rule.Components).Select(component => component.Validator))
        {
            switch (validator)
            {
                case ILengthValidator { Max: > 0 } length when schema["type"]?.GetValue<string>() == "string":
                    schema["maxLength"] = length.Max;
                    break;
                case IRegularExpressionValidator expression:
                    schema["pattern"] = expression.Expression
                        .Replace(@"\A", "^", StringComparison.Ordinal).Replace(@"\z", "$", StringComparison.Ordinal);
                    break;
                case IEmailValidator:
                    schema["format"] = "email";
                    break;
                case INotEmptyValidator when schema["type"]?.GetValue<string>() == "array":
                    schema["minItems"] = 1;
                    break;
                case INotEmptyValidator when schema["type"]?.GetValue<string>() == "string" && schema["format"] is null:
                    schema["minLength"] = 1;
                    break;
                default:
                    // Said in words only.
                    break;
            }
        }
    }

    /// <summary>The rules of a validator, those of validators it includes among them.</summary>
    private static IEnumerable<IValidationRule> RulesOf(IValidator validator)
        => validator.CreateDescriptor().Rules.SelectMany(rule => rule is IIncludeRule
            ? rule.Components.Select(component => component.Validator).OfType<IChildValidatorAdaptor>()
                .SelectMany(child => RulesOf(ChildOf(child)))
            : [rule]);

    private IEnumerable<IValidationRule> Rules(string member) => rules.Where(rule => rule.PropertyName == member);

    private static IEnumerable<IRuleComponent> Components(IValidationRule rule)
        => rule.HasCondition || HasSharedCondition(rule) ? [] : rule.Components.Where(component => !component.HasCondition);

    /// <summary>A block of <c>When</c> hands its condition to each rule in it, where the public interface does not show it.</summary>
    private static bool HasSharedCondition(IValidationRule rule)
    {
        const BindingFlags hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
        for (var type = rule.GetType(); type is not null; type = type.BaseType)
        {
            if (type.GetProperties(hidden).FirstOrDefault(IsShared) is { } property)
                return property.GetValue(rule) is true;
            if (type.GetFields(hidden).Any(field => IsShared(field) && field.GetValue(rule) is not null))
                return true;
        }

        return false;
    }

    private static bool IsShared(PropertyInfo property) => property.Name.EndsWith("HasSharedCondition", StringComparison.Ordinal);

    private static bool IsShared(FieldInfo field) => field.Name.Contains("haredCondition", StringComparison.Ordinal);

    private static IValidator ChildOf(IChildValidatorAdaptor adaptor)
    {
        var type = adaptor.GetType();
        while (type is not { IsGenericType: true, GenericTypeArguments.Length: 2 })
            type = type.BaseType!;
        var context = Activator.CreateInstance(typeof(ValidationContext<>).MakeGenericType(type.GenericTypeArguments[0]), [null]);
        return (IValidator)type.GetMethod("GetValidator")!.Invoke(adaptor, [context, null])!;
    }
}
