using System.Reflection;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Where a Functions app begins.</summary>
public class FunctionsApplication
{
    /// <summary>Makes a builder for the functions of the entry assembly.</summary>
    /// <param name="args">The command line; <c>--key value</c> pairs become configuration.</param>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args)
        => new(args, Assembly.GetEntryAssembly() ?? throw new InvalidOperationException("There is no entry assembly to find functions in."));
}
