using Xunit.Sdk;
using Xunit.v3;

// Each test class runs an emulator, a sandbox and the app, and waits most of the time: for a code to run out, a poll, a conversion. So a
// few go on side by side; more of them would wait for each other's processor time.
[assembly: Parallelization(Mode = ParallelMode.Collections, MaxThreads = 3)]
