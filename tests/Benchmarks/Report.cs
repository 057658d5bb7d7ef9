using System.Globalization;

namespace OmsWorkflows.Benchmarks;

/// <summary>Prints one figure a line, under the workload it belongs to.</summary>
internal static class Report
{
    public static void Workload(string name, string what) => Console.WriteLine($"{Environment.NewLine}{name}: {what}");

    public static void Figure(string figure, double value, string unit)
        => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {figure,-72} {value,12:N2} {unit}"));
}
