// The app's way to its stores, where no network exists: one subnet for the app, one for private endpoints, each with rules of its own.
import { labels } from 'types.bicep'

param name string
param location string
param tags labels

@description('A /23 or larger.')
param addressSpace string

var appPrefix = cidrSubnet(addressSpace, 24, 0)
var endpointPrefix = cidrSubnet(addressSpace, 24, 1)
var refuse = {
  access: 'Deny'
  protocol: '*'
  sourceAddressPrefix: '*'
  sourcePortRange: '*'
  destinationAddressPrefix: '*'
  destinationPortRange: '*'
}

// Everything the app calls speaks TLS: its stores, Entra ID, Azure Monitor, OMS. Nobody calls it through this subnet.
resource appRules 'Microsoft.Network/networkSecurityGroups@2024-05-01' = {
  name: '${name}-app'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'tls-out'
        properties: {
          direction: 'Outbound'
          priority: 100
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: appPrefix
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '443'
        }
      }
      { name: 'nothing-else-out', properties: union(refuse, { direction: 'Outbound', priority: 4096 }) }
      { name: 'nothing-in', properties: union(refuse, { direction: 'Inbound', priority: 4096 }) }
    ]
  }
}

resource endpointRules 'Microsoft.Network/networkSecurityGroups@2024-05-01' = {
  name: '${name}-endpoints'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'app-in'
        properties: {
          direction: 'Inbound'
          priority: 100
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: appPrefix
          sourcePortRange: '*'
          destinationAddressPrefix: endpointPrefix
          destinationPortRange: '443'
        }
      }
      { name: 'nothing-else-in', properties: union(refuse, { direction: 'Inbound', priority: 4096 }) }
      { name: 'nothing-out', properties: union(refuse, { direction: 'Outbound', priority: 4096 }) }
    ]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressSpace] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: appPrefix
          delegations: [{ name: 'flex-consumption', properties: { serviceName: 'Microsoft.App/environments' } }]
          networkSecurityGroup: { id: appRules.id }
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: endpointPrefix
          networkSecurityGroup: { id: endpointRules.id }
          // Without this the rules do not reach private endpoints.
          privateEndpointNetworkPolicies: 'NetworkSecurityGroupEnabled'
        }
      }
    ]
  }
}

output id string = network.id
output appSubnetId string = '${network.id}/subnets/app'
output endpointSubnetId string = '${network.id}/subnets/endpoints'
