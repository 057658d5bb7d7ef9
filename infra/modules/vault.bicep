// The app's secrets, and the key that wraps the keys that encrypt personal data. Values are put in by people or by the app, never by a
// template, so no deployment history holds one.
import { labels } from 'types.bicep'

param name string
param wrappingKeyName string

@description('Secrets of the app. Each exists from the start, disabled and without meaning, so that a role can be given for it alone.')
param secretNames string[]

param location string
param tags labels

@description('True if the vault is reached through private endpoints only.')
param private bool

@description('True if nobody can destroy the vault before its retention ends. Cannot be taken back.')
param purgeProtection bool

@description('True to bring back the deleted vault of this name instead of making a new one.')
param recover bool

@description('True if the vault cannot be deleted before its lock is.')
param locked bool

param workspaceId string

@secure()
param meaningless string = newGuid()

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    createMode: recover ? 'recover' : 'default'
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: purgeProtection ? 90 : 7
    // Azure refuses the word false here.
    enablePurgeProtection: purgeProtection ? true : null
    publicNetworkAccess: private ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: private ? 'Deny' : 'Allow'
    }
  }
}

resource wrappingKey 'Microsoft.KeyVault/vaults/keys@2024-11-01' = {
  parent: vault
  name: wrappingKeyName
  properties: {
    kty: 'RSA'
    keySize: 3072
    keyOps: ['wrapKey', 'unwrapKey']
    rotationPolicy: {
      lifetimeActions: [{ trigger: { timeAfterCreate: 'P1Y' }, action: { type: 'rotate' } }]
    }
  }
}

// A disabled secret is to the app as one that does not exist. Once there is a value, no deployment touches it.
@onlyIfNotExists()
resource secrets 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = [
  for secret in secretNames: {
    parent: vault
    name: secret
    properties: { value: meaningless, attributes: { enabled: false } }
  }
]

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (locked) {
  scope: vault
  name: 'keep'
  properties: { level: 'CanNotDelete', notes: 'Holds what cannot be made again. docs/deploy.md says how to tear an environment down.' }
}

resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'audit'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'AuditEvent', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output id string = vault.id
output name string = vault.name
output uri string = vault.properties.vaultUri
// Without its version, so that the newest one wraps.
output wrappingKeyUri string = wrappingKey.properties.keyUri
