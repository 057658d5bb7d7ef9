using OmsWorkflows.Local.AppHost;
using OmsWorkflows.Local.AppHost.Demo;
using OmsWorkflows.Local.AppHost.Resources;

// The system on one machine: Azurite keeps the tables, the sandbox plays OMS, the app is what is deployed to Azure, and tells a team.
return await RunCommand.InvokeAsync(args, async run =>
{
    var builder = run.CreateBuilder();

    var azurite = builder.AddAzurite("azurite");

    var oms = builder.AddSandbox("oms", run)
        .WithCashCommand()
        .WithClockCommand()
        .WithFaultCommands();

    var team = builder.AddReceiver("team", run);

    builder.AddApp("app", run)
        .WithOms(oms, run.Key)
        .WithStorage(azurite, run.Options.Store)
        .WithNotifications(team, run.NotificationSecret)
        .WithWebhookRegistered(run.Keys);

    return await new DemoHost(builder, run).RunAsync();
});
