using Xunit.Sdk;
using Xunit.v3;

// The published in-process host picks a port at random and shares two processors: one test at a time.
[assembly: Parallelization(Mode = ParallelMode.None)]
