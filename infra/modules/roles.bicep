// What the app may do, and nothing more. One role for each client the app or its host constructs; each at the smallest scope it works at.
param identityName string
param hostStorageName string
param dataStorageName string
param keepStorageName string
param keyRingContainer string
param backupContainer string
param vaultName string

@description('Secrets that people put in: the app reads them and cannot change them.')
param readSecrets string[]

@description('Secrets that the app keeps itself.')
param writtenSecrets string[]

param wrappingKeyName string
param componentName string

@description('Empty unless orchestrations are kept by Durable Task Scheduler.')
param schedulerName string
param taskHubName string

// Built-in roles, by their fixed ids.
var role = {
  blobOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b' // Storage Blob Data Owner
  blobContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe' // Storage Blob Data Contributor
  queueContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88' // Storage Queue Data Contributor
  tableContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3' // Storage Table Data Contributor
  secretsUser: '4633458b-17de-408a-b874-0445c86b69e6' // Key Vault Secrets User
  secretsOfficer: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7' // Key Vault Secrets Officer
  keyEncryption: 'e147488a-f6f5-4113-8e2d-b22465e65bf6' // Key Vault Crypto Service Encryption User
  metricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb' // Monitoring Metrics Publisher
  durableTaskContributor: '0ad04412-c4d5-4796-b79c-f76d14c8d402' // Durable Task Data Contributor
}
var onScheduler = !empty(schedulerName)

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource hostStorage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: hostStorageName
}

resource dataStorage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: dataStorageName
}

resource keepStorage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: keepStorageName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource keyRing 'containers' existing = {
      name: keyRingContainer
    }

    resource backups 'containers' existing = {
      name: backupContainer
    }
  }
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName

  resource wrappingKey 'keys' existing = {
    name: wrappingKeyName
  }
}

resource readable 'Microsoft.KeyVault/vaults/secrets@2024-11-01' existing = [
  for name in readSecrets: {
    parent: vault
    name: name
  }
]

resource writable 'Microsoft.KeyVault/vaults/secrets@2024-11-01' existing = [
  for name in writtenSecrets: {
    parent: vault
    name: name
  }
]

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' existing = if (onScheduler) {
  name: empty(schedulerName) ? 'none' : schedulerName

  resource taskHub 'taskHubs' existing = {
    name: taskHubName
  }
}

// The host: its leases, its keys, and the package it runs from.
resource hostBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(hostStorage.id, identity.id, role.blobOwner)
  scope: hostStorage
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.blobOwner)
  }
}

// The app's own tables.
resource tables 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(dataStorage.id, identity.id, role.tableContributor)
  scope: dataStorage
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.tableContributor)
  }
}

// The keys that encrypt personal data: their blob, and the key that wraps them.
resource keyRing 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(keepStorage::blobs::keyRing.id, identity.id, role.blobContributor)
  scope: keepStorage::blobs::keyRing
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.blobContributor)
  }
}

resource wrapping 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault::wrappingKey.id, identity.id, role.keyEncryption)
  scope: vault::wrappingKey
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.keyEncryption)
  }
}

// Copies of the ledger: written there, and read when they are restored. That nobody changes one, the container itself sees to.
resource backups 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(keepStorage::blobs::backups.id, identity.id, role.blobContributor)
  scope: keepStorage::blobs::backups
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.blobContributor)
  }
}

// One secret at a time: the key that OMS issued can be read but not overwritten, the secrets of webhooks are the app's own.
resource reading 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, i) in readSecrets: {
    name: guid(vault.id, name, identity.id, role.secretsUser)
    scope: readable[i]
    properties: {
      principalId: identity.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.secretsUser)
    }
  }
]

resource writing 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, i) in writtenSecrets: {
    name: guid(vault.id, name, identity.id, role.secretsOfficer)
    scope: writable[i]
    properties: {
      principalId: identity.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.secretsOfficer)
    }
  }
]

resource telemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(component.id, identity.id, role.metricsPublisher)
  scope: component
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.metricsPublisher)
  }
}

// Orchestrations, on Durable Task Scheduler.
resource taskHub 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (onScheduler) {
  name: guid(scheduler::taskHub.id, identity.id, role.durableTaskContributor)
  scope: scheduler::taskHub
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.durableTaskContributor)
  }
}

// Orchestrations, on Azure Storage: the backend keeps leases and large messages in blobs, work in queues, history in tables.
resource taskHubBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!onScheduler) {
  name: guid(dataStorage.id, identity.id, role.blobContributor)
  scope: dataStorage
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.blobContributor)
  }
}

resource taskHubQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!onScheduler) {
  name: guid(dataStorage.id, identity.id, role.queueContributor)
  scope: dataStorage
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.queueContributor)
  }
}
