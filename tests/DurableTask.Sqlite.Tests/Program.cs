using DurableTask.Sqlite.Tests;

// The tests, or one of them in a process of its own that another one kills.
if (args is ["victim", var folder])
{
    await ProcessKillTests.RunVictimAsync(folder);
    return 0;
}

return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
