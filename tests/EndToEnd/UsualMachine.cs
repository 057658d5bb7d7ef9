using OmsWorkflows.Machines;

namespace OmsWorkflows.EndToEnd;

/// <summary>The machine of tests that want nothing special.</summary>
public sealed class UsualMachine : LocalMachine
{
    public const string Name = "The usual machine";

    // OMS has no event for a rejection (docs/oms-api.md 9.4): only asking finds it out.
    internal override MachineSettings Settings => new() { App = new Dictionary<string, string> { ["Onboarding:Poll"] = "00:00:02" } };
}

/// <summary>Names the collection of those tests.</summary>
[CollectionDefinition(UsualMachine.Name)]
public sealed class OnTheUsualMachine : ICollectionFixture<UsualMachine>;
