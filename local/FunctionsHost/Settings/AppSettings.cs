using System.Collections;

namespace OmsWorkflows.Local.FunctionsHost.Settings;

/// <summary>The environment the worker runs in: the host's own, local.settings.json below it, and what the Functions host sets.</summary>
internal static class AppSettings
{
    /// <summary>What of the host's environment would mislead the worker.</summary>
    private static readonly string[] NotForTheWorker =
        ["ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS", "CONTAINER_NAME", "MANAGED_ENVIRONMENT"];

    /// <summary>Makes the variables.</summary>
    public static Dictionary<string, string> ForWorker(string appFolder, LocalSettings local, string hostName)
    {
        var all = new Dictionary<string, string>(local.Values);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            all[(string)variable.Key] = (string?)variable.Value ?? "";

        foreach (var name in NotForTheWorker)
            all.Remove(name);

        all.TryAdd("AZURE_FUNCTIONS_ENVIRONMENT", "Development");
        all["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        all["FUNCTIONS_EXTENSION_VERSION"] = "~4";
        all["FUNCTIONS_APPLICATION_DIRECTORY"] = appFolder;
        all["FUNCTIONS_WORKER_DIRECTORY"] = appFolder;
        all["WEBSITE_HOSTNAME"] = hostName;
        return all;
    }
}
