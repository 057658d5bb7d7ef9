using OmsWorkflows.WebJobsHost;

// <folder of a published app> <database>: runs one orchestration with the provider "sqlite" that the app has to bring.
var extensions = AppExtensions.Of(args[0]);
Console.WriteLine(await PlainHost.RunAsync(extensions, database: args[1]));
