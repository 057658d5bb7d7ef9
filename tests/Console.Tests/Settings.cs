using Xunit.Sdk;
using Xunit.v3;

// One machine and one browser serve all tests, one after the other.
[assembly: Parallelization(Mode = ParallelMode.None)]
