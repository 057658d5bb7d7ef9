using OmsWorkflows.Machines.Processes;

// The helper that ends what a killed test or tool leaves behind.
return await OrphanGuard.RunAsync(Console.In);
