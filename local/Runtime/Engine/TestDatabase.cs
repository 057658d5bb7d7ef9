using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OmsWorkflows.Local.Runtime.Engine.Time;

namespace OmsWorkflows.Local.Runtime.Engine;

/// <summary>A database for one test, in a directory of its own.</summary>
internal sealed class TestDatabase
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("durable-test-");

    /// <summary>The file.</summary>
    public string Path => System.IO.Path.Combine(_directory.FullName, "durable.db");

    /// <summary>Adds an engine over the file.</summary>
    public void AddEngine(IServiceCollection services, Action<DurableTaskRegistry> registry)
    {
        services.TryAddSingleton<TimeProvider>(new SkippingClock());
        services.AddDurableEngine(registry, engine =>
        {
            engine.DatabasePath = Path;
            engine.Durable = false;
        });
    }

    /// <summary>Removes the directory.</summary>
    public void Delete() => _directory.Delete(recursive: true);
}
