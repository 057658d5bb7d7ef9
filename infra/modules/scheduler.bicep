// Durable Task Scheduler: the managed backend for orchestrations. It has no keys, only identities.
import { labels, schedulerSku } from 'types.bicep'

param name string
param taskHubName string
param location string
param tags labels
param sku schedulerSku

@description('True if it is reached through a private endpoint only.')
param private bool

@description('Days that ended orchestrations are kept. Money is in the ledger, not here.')
@minValue(1)
param retentionDays int

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: sku
    publicNetworkAccess: private ? 'Disabled' : 'Enabled'
    // Of public addresses, any: Entra ID decides who may call, and Flex Consumption has no fixed outgoing ones. An empty list refuses all.
    ipAllowlist: ['0.0.0.0/0']
  }
}

resource taskHub 'Microsoft.DurableTask/schedulers/taskHubs@2026-02-01' = {
  parent: scheduler
  name: taskHubName
}

resource retention 'Microsoft.DurableTask/schedulers/retentionPolicies@2026-02-01' = {
  parent: scheduler
  name: 'default'
  properties: {
    retentionPolicies: [
      for state in ['Completed', 'Failed', 'Terminated', 'Canceled']: {
        retentionPeriodInDays: retentionDays
        orchestrationState: state
      }
    ]
  }
}

output id string = scheduler.id
output name string = scheduler.name
output endpoint string = scheduler.properties.endpoint
output taskHubName string = taskHub.name
