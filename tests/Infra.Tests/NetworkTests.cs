namespace OmsWorkflows.Infra.Tests;

public sealed class NetworkTests
{
    private const string New = "{ kind: 'new', addressSpace: '10.99.0.0/23' }";

    private const string Hub = "/subscriptions/00000000-0000-0000-0000-000000000009/resourceGroups/hub/providers/Microsoft.Network";

    private const string Existing = $"{{ kind: 'existing', appSubnetId: '{Hub}/virtualNetworks/hub/subnets/oms', "
        + $"endpointSubnetId: '{Hub}/virtualNetworks/hub/subnets/endpoints'";

    private const string ExistingWithZones = $"{Existing}, dnsZoneIds: {{ blob: '{Hub}/privateDnsZones/blob', "
        + $"queue: '{Hub}/privateDnsZones/queue', "
        + $"table: '{Hub}/privateDnsZones/table', vault: '{Hub}/privateDnsZones/vault', scheduler: '{Hub}/privateDnsZones/scheduler' }} }}";

    /// <summary>What holds data, by type, each with the group of its endpoint; storage has one for each service.</summary>
    private static readonly Dictionary<string, string?> DataServices = new()
    {
        ["Microsoft.Storage/storageAccounts"] = null,
        ["Microsoft.KeyVault/vaults"] = "vault",
        ["Microsoft.DurableTask/schedulers"] = "scheduler",
    };

    /// <summary>
    /// What holds none, or none of its own. Telemetry is here on purpose: it carries no personal data, takes only tokens, and closing it
    /// asks
    /// for a private link scope that a network shares (docs/security.md).
    /// </summary>
    private static readonly string[] OtherServices =
    [
        "Microsoft.Resources/resourceGroups", "Microsoft.ManagedIdentity/userAssignedIdentities",
            "Microsoft.OperationalInsights/workspaces",
        "Microsoft.Insights/components", "Microsoft.Insights/diagnosticSettings", "Microsoft.Insights/actionGroups",
            "Microsoft.Insights/scheduledQueryRules",
        "Microsoft.Insights/metricAlerts", "Microsoft.Insights/webtests", "Microsoft.Insights/workbooks", "Microsoft.Authorization/locks",
        "Microsoft.Authorization/roleAssignments", "Microsoft.Network/networkSecurityGroups", "Microsoft.Network/virtualNetworks",
        "Microsoft.Network/privateDnsZones", "Microsoft.Network/privateEndpoints", "Microsoft.Web/serverfarms", "Microsoft.Web/sites",
        "Microsoft.Consumption/budgets", "Microsoft.CostManagement/scheduledActions",
    ];

    public static TheoryData<string, string, string> PrivateVariants => new()
    {
        { "prod", New, "AzureStorage" },
        { "prod", New, "azureManaged" },
        { "prod", ExistingWithZones, "AzureStorage" },
        { "prod", ExistingWithZones, "azureManaged" },
        { "dev", New, "azureManaged" },
    };

    [Theory, MemberData(nameof(PrivateVariants))]
    public void Private_ClosesEveryDataService(string environment, string network, string backend)
    {
        var deployment = Deployment.Of(environment, backend, ("network", network));
        var services = DataServicesOf(deployment);

        services.Select(service => service.Type).Distinct()
            .Should().BeEquivalentTo(DataServices.Keys.Where(type => backend == "azureManaged"
                || !type.StartsWith("Microsoft.DurableTask", StringComparison.Ordinal)));
        services.Should().AllSatisfy(service => service["publicNetworkAccess"]!.GetValue<string>().Should().Be("Disabled"));
        services.Where(service => service["networkAcls"] is not null).Should().NotBeEmpty().And.AllSatisfy(service =>
        {
            service["networkAcls", "defaultAction"]!.GetValue<string>().Should().Be("Deny");
            service["networkAcls", "bypass"]!.GetValue<string>().Should().Be("None");
        });
    }

    [Theory, MemberData(nameof(PrivateVariants))]
    public void EveryServiceThatTheAppIsPointedAt_HasAnEndpointAndAName(string environment, string network, string backend)
    {
        var deployment = Deployment.Of(environment, backend, ("network", network));
        var endpoints = deployment.All("Microsoft.Network/privateEndpoints");
        var reached = endpoints.Select(endpoint => (Target(endpoint), Group(endpoint))).ToList();
        var registered = deployment.All("Microsoft.Network/privateEndpoints/privateDnsZoneGroups").Select(record
            => record.Name.Split('/')[0]);

        foreach (var service in DataServicesOf(deployment))
        {
            if (DataServices[service.Type] is { } group)
                reached.Should().Contain((service.Id, group));
            else
                reached.Should().Contain(pair => pair.Item1 == service.Id,
                    "a store that is closed and has no endpoint cannot be reached at all");
        }

        foreach (var (account, service) in PointedAt(deployment))
            reached.Should().Contain((deployment.All("Microsoft.Storage/storageAccounts").Single(store
                => store.Name == account).Id, service));
        registered.Should().BeEquivalentTo(endpoints.Select(endpoint => endpoint.Name));
        deployment.All("Microsoft.Web/sites").Single()["virtualNetworkSubnetId"]!.GetValue<string>().Should().NotBeNullOrEmpty();
    }

    [Fact]
    public void NewNetwork_IsCutFromTheGivenAddressSpace_AndLetsThroughOnlyTlsOfTheApp()
    {
        var deployment = Deployment.Of("prod", ("network", New));

        var network = deployment.All("Microsoft.Network/virtualNetworks").Should().ContainSingle().Which;
        var subnets = network["subnets"]!.AsArray().ToDictionary(subnet => subnet!["name"]!.GetValue<string>(), subnet
            => subnet!["properties"]!);
        network["addressSpace", "addressPrefixes", "0"]!.GetValue<string>().Should().Be("10.99.0.0/23");
        subnets["app"]["addressPrefix"]!.GetValue<string>().Should().Be("10.99.0.0/24");
        subnets["endpoints"]["addressPrefix"]!.GetValue<string>().Should().Be("10.99.1.0/24");
        subnets["app"]["delegations"]![0]!["properties"]!["serviceName"]!.GetValue<string>().Should().Be("Microsoft.App/environments");
        subnets["endpoints"]["privateEndpointNetworkPolicies"]!.GetValue<string>()
            .Should().Be("NetworkSecurityGroupEnabled", "else rules do not reach endpoints");
        var groups = deployment.All("Microsoft.Network/networkSecurityGroups");
        subnets.Values.Select(subnet => subnet["networkSecurityGroup"]!["id"]!.GetValue<string>())
            .Should().BeEquivalentTo(groups.Select(group => group.Id));
        groups.Should().AllSatisfy(group =>
        {
            var rules = group["securityRules"]!.AsArray().Select(rule => rule!["properties"]!).ToList();
            foreach (var direction in (string[])["Inbound", "Outbound"])
                rules.Should().Contain(rule => Says(rule, "direction", direction) && Says(rule, "access", "Deny")
                    && Says(rule, "sourceAddressPrefix", "*")
                    && Says(rule, "destinationAddressPrefix", "*") && Says(rule, "protocol", "*")
                        && Says(rule, "destinationPortRange", "*"));
            rules.Where(rule => Says(rule, "access", "Allow")).Should().AllSatisfy(rule =>
            {
                Says(rule, "destinationPortRange", "443").Should().BeTrue();
                Says(rule, "sourceAddressPrefix", "10.99.0.0/24").Should().BeTrue("only the app's subnet begins a conversation");
            });
        });
    }

    [Fact]
    public void ExistingNetwork_IsUsedAndNoneIsMade()
    {
        var deployment = Deployment.Of("prod", ("network", ExistingWithZones));

        deployment.Resources.Where(resource => resource.Type
            is "Microsoft.Network/virtualNetworks" or "Microsoft.Network/networkSecurityGroups"
            or "Microsoft.Network/privateDnsZones" or "Microsoft.Network/privateDnsZones/virtualNetworkLinks").Should().BeEmpty();
        deployment.All("Microsoft.Web/sites").Single()["virtualNetworkSubnetId"]!.GetValue<string>()
            .Should().Be($"{Hub}/virtualNetworks/hub/subnets/oms");
        deployment.All("Microsoft.Network/privateEndpoints").Should().NotBeEmpty()
            .And.AllSatisfy(endpoint => endpoint["subnet", "id"]!.GetValue<string>()
                .Should().Be($"{Hub}/virtualNetworks/hub/subnets/endpoints"));
        deployment.All("Microsoft.Network/privateEndpoints/privateDnsZoneGroups").Should().NotBeEmpty().And.AllSatisfy(record =>
            record["privateDnsZoneConfigs", "0", "properties", "privateDnsZoneId"]!.GetValue<string>()
                .Should().Be($"{Hub}/privateDnsZones/{record["privateDnsZoneConfigs", "0", "name"]!.GetValue<string>()}"));
    }

    [Fact]
    public void ExistingNetworkWithoutZones_LeavesTheNamesToItsPolicy()
    {
        var deployment = Deployment.Of("prod", ("network", Existing + " }"));

        deployment.All("Microsoft.Network/privateEndpoints").Should().NotBeEmpty();
        deployment.All("Microsoft.Network/privateEndpoints/privateDnsZoneGroups").Should().BeEmpty();
        deployment.All("Microsoft.Network/privateDnsZones").Should().BeEmpty();
    }

    [Fact]
    public void Production_IsPrivate()
        => DataServicesOf(Deployment.Of("prod")).Should().AllSatisfy(service => service["publicNetworkAccess"]!.GetValue<string>()
            .Should().Be("Disabled"));

    private static List<Resource> DataServicesOf(Deployment deployment)
    {
        var services = deployment.Resources.Where(resource => resource.Type.Count(character => character == '/') == 1).ToList();
        services.Select(service => service.Type).Should().BeSubsetOf(DataServices.Keys
            .Concat(OtherServices), "a new service has to be said to hold data, or not");
        return [.. services.Where(service => DataServices.ContainsKey(service.Type))];
    }

    /// <summary>Account and service of every address of a store in the app's settings.</summary>
    private static IEnumerable<(string Account, string Service)> PointedAt(Deployment deployment) => deployment.AppSettings.Values
        .Select(value => System.Text.RegularExpressions.Regex.Match(value,
            @"storageAccounts/(?<account>\w+)'.*primaryEndpoints\.(?<service>\w+)"))
        .Where(match => match.Success).Select(match => (match.Groups["account"].Value, match.Groups["service"].Value)).Distinct();

    private static string Target(Resource endpoint) => endpoint["privateLinkServiceConnections", "0", "properties",
        "privateLinkServiceId"]!.GetValue<string>();

    private static string Group(Resource endpoint) => endpoint["privateLinkServiceConnections", "0", "properties", "groupIds",
        "0"]!.GetValue<string>();

    private static bool Says(System.Text.Json.Nodes.JsonNode rule, string member, string value)
        => rule[member]!.GetValue<string>() == value;
}
