// Private endpoints, and the names by which the app finds them.
import { labels, dnsZones, privateGroup, privateTarget } from 'types.bicep'

@description('True if zones are made here, for the network below; else they exist, or a policy registers the endpoints.')
param makeZones bool
param networkId string

param subnetId string
param location string
param tags labels
param targets privateTarget[]

@description('The groups of the targets, each once.')
param groups privateGroup[]

@description('Zones that exist already.')
param existingZones dnsZones?

var zoneNames = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  queue: 'privatelink.queue.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  vault: replace(environment().suffixes.keyvaultDns, '.vault.', 'privatelink.vaultcore.')
  scheduler: 'privatelink.durabletask.io'
}
var register = makeZones || existingZones != null

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for group in groups: if (makeZones) {
    name: zoneNames[group]
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (group, i) in groups: if (makeZones) {
    parent: zones[i]
    name: 'app-network'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: networkId }
    }
  }
]

resource endpoints 'Microsoft.Network/privateEndpoints@2024-05-01' = [
  for target in targets: {
    name: 'pe-${target.name}'
    location: location
    tags: tags
    properties: {
      subnet: { id: subnetId }
      privateLinkServiceConnections: [
        {
          name: target.name
          properties: { privateLinkServiceId: target.resourceId, groupIds: [target.group] }
        }
      ]
    }
  }
]

resource records 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = [
  for (target, i) in targets: if (register) {
    parent: endpoints[i]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: target.group
          properties: {
            privateDnsZoneId: makeZones ? zones[indexOf(groups, target.group)].id : existingZones![target.group]
          }
        }
      ]
    }
  }
]
