// Durable Task Scheduler: the managed backend for orchestrations. It has no keys, only identities.
import { labels } from 'types.bicep'

param name string
param taskHubName string
param location string
param tags labels

@allowed(['Consumption', 'Dedicated'])
param sku string

resource scheduler 'Microsoft.DurableTask/schedulers@2025-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: sku == 'Dedicated' ? { name: sku, capacity: 1 } : { name: sku }
    // Entra ID decides who may call. Flex Consumption has no fixed outgoing addresses that a list could name.
    ipAllowlist: ['0.0.0.0/0']
  }
}

resource taskHub 'Microsoft.DurableTask/schedulers/taskHubs@2025-11-01' = {
  parent: scheduler
  name: taskHubName
}

output name string = scheduler.name
output endpoint string = scheduler.properties.endpoint
output taskHubName string = taskHub.name
