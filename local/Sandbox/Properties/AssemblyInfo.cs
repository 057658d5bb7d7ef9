using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("OmsWorkflows.Sandbox.Tests")]
