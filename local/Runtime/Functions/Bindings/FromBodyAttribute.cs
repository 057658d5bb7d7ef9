using Microsoft.Azure.Functions.Worker.Converters;

namespace Microsoft.Azure.Functions.Worker.Converters
{
    /// <summary>Names the converter that fills a parameter.</summary>
    /// <param name="converterType">The converter's type.</param>
    [AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Class | AttributeTargets.Interface | AttributeTargets.Enum | AttributeTargets.Struct)]
    public class InputConverterAttribute(Type converterType) : Attribute
    {
        /// <summary>Gets the converter's type.</summary>
        public Type ConverterType { get; } = converterType;
    }
}

namespace Microsoft.Azure.Functions.Worker.Http
{
    /// <summary>Fills the parameter from the JSON body of the request.</summary>
    public class FromBodyAttribute() : InputConverterAttribute(typeof(OmsWorkflows.Local.Runtime.Worker.Http.JsonBody));
}
