using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace OmsWorkflows.Local.ApiDocument;

/// <summary>What the doc comments of the code say.</summary>
internal static partial class XmlDocs
{
    private static readonly Dictionary<string, XElement> Members = Read();

    /// <summary>The summary of a type; null when it has none.</summary>
    public static string? Of(Type type) => Text(Members.GetValueOrDefault($"T:{Name(type)}")?.Element("summary"));

    /// <summary>The summary of a method, without the request it begins with.</summary>
    public static string? Of(MethodInfo method)
    {
        var start = $"M:{Name(method.DeclaringType!)}.{method.Name}(";
        var member = Members.FirstOrDefault(member => member.Key.StartsWith(start, StringComparison.Ordinal)).Value;
        return Text(member?.Element("summary")) is { } text
            ? Sentence(RequestLine().Replace(text, ""))
            : null;
    }

    /// <summary>The summary of a property, or of the parameter of the record it comes from.</summary>
    public static string? Of(PropertyInfo property)
    {
        var type = Name(property.DeclaringType!);
        return Text(Members.GetValueOrDefault($"P:{type}.{property.Name}")?.Element("summary"))
            ?? Text(Members.GetValueOrDefault($"T:{type}")?.Elements("param")
                .FirstOrDefault(parameter => (string?)parameter.Attribute("name") == property.Name));
    }

    /// <summary>The summary of a member of an enumeration.</summary>
    public static string? Of(Type type, string member) => Text(Members.GetValueOrDefault($"F:{Name(type)}.{member}")?.Element("summary"));

    private static string Name(Type type) => type.FullName!.Replace('+', '.');

    private static string Sentence(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    private static string? Text(XElement? element)
    {
        if (element is null)
            return null;
        var text = string.Concat(element.Nodes().Select(node => node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "see" or "paramref" } reference => Reference(reference),
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement other => other.Value,
            _ => "",
        }));
        return DocReference().Replace(Blanks().Replace(text, " "), "").Trim();
    }

    private static string Reference(XElement element)
    {
        if (element.Attribute("langword") is { } word)
            return word.Value;
        var name = element.Attribute("name")?.Value ?? element.Attribute("cref")?.Value.Split('.')[^1];
        return $"`{JsonNamingPolicy.CamelCase.ConvertName($"{name}")}`";
    }

    private static Dictionary<string, XElement> Read()
    {
        var file = Path.ChangeExtension(typeof(Http.Problems).Assembly.Location, ".xml");
        return XDocument.Load(file).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);
    }

    [GeneratedRegex(@"^`(GET|POST|PATCH|DELETE) [^`]*`:?\s*")]
    private static partial Regex RequestLine();

    /// <summary>A hint at the project's own pages, which means nothing to a caller.</summary>
    [GeneratedRegex(@"\s*\((OMS API|DESIGN|docs/)[^)]*\)")]
    private static partial Regex DocReference();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
