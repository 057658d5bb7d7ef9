namespace DurableTask.Sqlite.Tests;

/// <summary>Tests that look at the process or replace a part of it: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
