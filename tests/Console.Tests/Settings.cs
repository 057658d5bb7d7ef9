using Xunit.Sdk;
using Xunit.v3;

// As many as there are groups with a machine of their own, and the dashboard; most of the time they wait.
[assembly: Parallelization(Mode = ParallelMode.Collections, MaxThreads = 3)]
