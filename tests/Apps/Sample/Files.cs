namespace OmsWorkflows.SampleApp;

/// <summary>Tests steer the app by files: they outlive a kill.</summary>
internal static class Files
{
    public static async Task UntilThereAsync(string path, CancellationToken cancellation)
    {
        while (!File.Exists(path))
            await Task.Delay(20, cancellation);
    }
}
