using Xunit.Sdk;
using Xunit.v3;

// Each test class runs an emulator, a sandbox and the app; side by side they would only wait for each other's processor time.
[assembly: Parallelization(Mode = ParallelMode.None)]
