using OmsWorkflows.Local.Sandbox;

await using var app = SandboxApplication.Build(args);
app.Lifetime.ApplicationStarted.Register(() =>
{
    // One line a parent process can wait for and read the port from; port 0 is resolved by now.
    foreach (var url in app.Urls)
        Console.WriteLine($"Now listening on: {url}");
});
await app.RunAsync();
