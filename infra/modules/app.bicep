// The plan and the function app.
import { appSettings, labels, signIn } from 'types.bicep'

param name string
param planName string
param location string
param tags labels
param identityId string
param settings appSettings

@description('Blob container that holds the deployed package.')
param packageContainerUri string

@description('Subnet for outgoing traffic; empty for none.')
param subnetId string

@minValue(40)
@maxValue(1000)
param maximumInstances int

@allowed([512, 2048, 4096])
param instanceMemoryMb int
param zoneRedundant bool

@description('Entra ID in front of the app; without it, function keys alone keep strangers out.')
param entra signIn?

param workspaceId string

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true, zoneRedundant: zoneRedundant }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  // azd finds the app that it deploys to by this tag.
  tags: union(tags, { 'azd-service-name': 'app' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientCertEnabled: false
    publicNetworkAccess: 'Enabled'
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      remoteDebuggingEnabled: false
    }
    functionAppConfig: {
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainerUri
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
      scaleAndConcurrency: {
        maximumInstanceCount: maximumInstances
        instanceMemoryMB: instanceMemoryMb
        // Orchestrations and calls find an instance waiting: neither an expiry nor a webhook may wait for a cold start. With zone redundancy
        // Azure keeps two for each group and each timer function, whatever stands here (docs/deploy.md, cost).
        alwaysReady: [
          { name: 'durable', instanceCount: zoneRedundant ? 2 : 1 }
          { name: 'http', instanceCount: zoneRedundant ? 2 : 1 }
        ]
      }
    }
  }

  resource settingsOfApp 'config' = {
    name: 'appsettings'
    properties: settings
  }

  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource authentication 'config' = if (entra != null) {
    name: 'authsettingsV2'
    properties: {
      platform: { enabled: true }
      globalValidation: {
        requireAuthentication: true
        unauthenticatedClientAction: 'Return401'
        // OMS signs its webhooks and has no account here; neither has what asks whether the app is alive. Nothing else is open, the
        // management API of the durable extension least of all.
        excludedPaths: ['/api/webhooks/oms', '/api/health/live']
      }
      httpSettings: { requireHttps: true }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: {
            clientId: entra.?clientId
            openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
          }
          validation: {
            // Tokens of version 2, which the issuer above stands for, name the application by its id; infra/entra.sh sets that version.
            allowedAudiences: [entra!.clientId, 'api://${entra.?clientId}']
            // People who sign in to the console come through the application itself.
            defaultAuthorizationPolicy: { allowedApplications: union([entra!.clientId], entra.?allowedClientIds ?? []) }
          }
        }
      }
      login: { tokenStore: { enabled: false } }
    }
  }
}

resource metrics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: app
  name: 'metrics'
  properties: {
    workspaceId: workspaceId
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output id string = app.id
output name string = app.name
output hostName string = app.properties.defaultHostName
