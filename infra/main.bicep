// OMS Workflows in one resource group: the function app, its stores, its secrets, and what watches it.
targetScope = 'subscription'

import { backend, signIn } from 'modules/types.bicep'

@description('Names the environment; every resource name comes from it, so that a second deployment changes and does not add.')
@minLength(1)
@maxLength(20)
param environmentName string

@description('Region of all resources.')
param location string

@description('Scheme, host and port of OMS, without a version.')
param omsBaseUrl string

@description('Which backend keeps orchestrations. The published package must carry the same: see docs/deploy.md.')
param orchestrationBackend backend = 'AzureStorage'

@description('Durable Task Scheduler: pay by use, or by reserved capacity.')
@allowed(['Consumption', 'Dedicated'])
param schedulerSku string = 'Consumption'

@description('Reach storage and vault through private endpoints only.')
param privateNetwork bool

@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GZRS'])
param storageSku string

param zoneRedundant bool
param maximumInstances int
param instanceMemoryMb int
param logRetentionDays int
param logDailyCapGb int

@description('Who is told by e-mail when an alert fires.')
@minLength(1)
param alertEmails string[]

@description('Spending a month of this environment, in the currency of the subscription.')
@minValue(1)
param monthlyBudget int

@description('First day of the month, as yyyy-MM-dd, from which the budget counts and daily cost is watched.')
param budgetStart string

@description('Entra ID in front of the app. Leave out to rely on function keys alone.')
param entra signIn?

var token = toLower(uniqueString(subscription().id, environmentName, location))
// Known before anything is deployed, so that what-if can tell what will change.
var names = {
  identity: 'id-${token}'
  workspace: 'log-${token}'
  component: 'appi-${token}'
  hostStorage: 'sthost${token}'
  dataStorage: 'stdata${token}'
  vault: 'kv-${token}'
  wrappingKey: 'data-protection'
  scheduler: 'dts-${token}'
  network: 'vnet-${token}'
  plan: 'plan-${token}'
  app: 'func-${token}'
}
var tags = { 'azd-env-name': environmentName, application: 'oms-workflows' }
var onScheduler = orchestrationBackend == 'DurableTaskScheduler'
var packageContainer = 'app-package'
var keyRingContainer = 'data-protection'
// A task hub belongs to one app: letters and digits only, as Azure Storage demands.
var taskHubName = 'oms${take(token, 8)}'

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: { name: names.identity, location: location, tags: tags }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    workspaceName: names.workspace
    componentName: names.component
    location: location
    tags: tags
    retentionDays: logRetentionDays
    dailyCapGb: logDailyCapGb
  }
}

module hostStorage 'modules/storage.bicep' = {
  name: 'host-storage'
  scope: group
  params: {
    name: names.hostStorage
    location: location
    tags: tags
    containers: [packageContainer]
    sku: storageSku
    private: privateNetwork
    workspaceId: monitoring.outputs.workspaceId
  }
}

module dataStorage 'modules/storage.bicep' = {
  name: 'data-storage'
  scope: group
  params: {
    name: names.dataStorage
    location: location
    tags: tags
    containers: [keyRingContainer]
    sku: storageSku
    private: privateNetwork
    workspaceId: monitoring.outputs.workspaceId
  }
}

module vault 'modules/vault.bicep' = {
  scope: group
  params: {
    name: names.vault
    wrappingKeyName: names.wrappingKey
    location: location
    tags: tags
    private: privateNetwork
    workspaceId: monitoring.outputs.workspaceId
  }
}

module scheduler 'modules/scheduler.bicep' = if (onScheduler) {
  scope: group
  params: { name: names.scheduler, taskHubName: taskHubName, location: location, tags: tags, sku: schedulerSku }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  scope: group
  params: { name: names.network, location: location, tags: tags }
}

module endpoints 'modules/endpoints.bicep' = if (privateNetwork) {
  scope: group
  params: {
    networkId: network!.outputs.id
    subnetId: network!.outputs.endpointSubnetId
    location: location
    tags: tags
    targets: [
      { name: 'host-blob', resourceId: hostStorage.outputs.id, group: 'blob' }
      { name: 'data-blob', resourceId: dataStorage.outputs.id, group: 'blob' }
      { name: 'data-queue', resourceId: dataStorage.outputs.id, group: 'queue' }
      { name: 'data-table', resourceId: dataStorage.outputs.id, group: 'table' }
      { name: 'vault', resourceId: vault.outputs.id, group: 'vault' }
    ]
  }
}

module roles 'modules/roles.bicep' = {
  scope: group
  params: {
    identityName: names.identity
    hostStorageName: names.hostStorage
    dataStorageName: names.dataStorage
    keyRingContainer: keyRingContainer
    vaultName: names.vault
    wrappingKeyName: names.wrappingKey
    componentName: names.component
    schedulerName: onScheduler ? names.scheduler : ''
    taskHubName: taskHubName
  }
  dependsOn: [identity, monitoring, hostStorage, dataStorage, vault, scheduler]
}

module settings 'modules/settings.bicep' = {
  scope: group
  params: {
    appName: names.app
    clientId: identity.outputs.clientId
    omsBaseUrl: omsBaseUrl
    componentConnectionString: monitoring.outputs.connectionString
    hostBlobEndpoint: hostStorage.outputs.blobEndpoint
    dataBlobEndpoint: dataStorage.outputs.blobEndpoint
    dataQueueEndpoint: dataStorage.outputs.queueEndpoint
    dataTableEndpoint: dataStorage.outputs.tableEndpoint
    keyRingContainer: keyRingContainer
    vaultUri: vault.outputs.uri
    wrappingKeyUri: vault.outputs.wrappingKeyUri
    useScheduler: onScheduler
    schedulerEndpoint: onScheduler ? scheduler!.outputs.endpoint : ''
    taskHubName: taskHubName
  }
}

module app 'modules/app.bicep' = {
  scope: group
  params: {
    name: names.app
    planName: names.plan
    location: location
    tags: tags
    identityId: identity.outputs.id
    settings: settings.outputs.settings
    packageContainerUri: '${hostStorage.outputs.blobEndpoint}${packageContainer}'
    subnetId: privateNetwork ? network!.outputs.appSubnetId : ''
    maximumInstances: maximumInstances
    instanceMemoryMb: instanceMemoryMb
    zoneRedundant: zoneRedundant
    entra: entra
    workspaceId: monitoring.outputs.workspaceId
  }
  // Without its roles the app would start into refusals.
  dependsOn: [roles]
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    environmentName: environmentName
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    appId: app.outputs.id
    storageIds: [hostStorage.outputs.id, dataStorage.outputs.id]
    taskHubStorageName: onScheduler ? '' : names.dataStorage
    emails: alertEmails
    monthlyBudget: monthlyBudget
    budgetStart: budgetStart
  }
}

module spending 'modules/spending.bicep' = {
  params: { environmentName: environmentName, emails: alertEmails, startDate: budgetStart }
}

module workbook 'modules/workbook.bicep' = {
  scope: group
  params: { environmentName: environmentName, location: location, tags: tags, workspaceId: monitoring.outputs.workspaceId }
}

output AZURE_LOCATION string = location
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_FUNCTION_NAME string = app.outputs.name
output AZURE_KEY_VAULT_NAME string = vault.outputs.name
output AZURE_KEY_VAULT_URI string = vault.outputs.uri
output APP_BASE_URL string = 'https://${app.outputs.hostName}'
output APP_TASK_HUB string = taskHubName
