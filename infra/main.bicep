// OMS Workflows in one resource group: the function app, its stores, its secrets, and what watches it.
targetScope = 'subscription'

import { networkChoice, notificationReceivers, receiverList, schedulerSku, signIn } from 'modules/types.bicep'

@description('Names the environment; every resource name comes from it, so that a second deployment changes and does not add.')
@minLength(1)
@maxLength(20)
param environmentName string

@description('Region of all resources.')
param location string

@description('Scheme, host and port of OMS, without a version.')
param omsBaseUrl string

@description('Only if host.json names Durable Task Scheduler.')
param scheduler schedulerSku = { name: 'Consumption' }

@description('Days that ended orchestrations are kept by Durable Task Scheduler.')
param orchestrationRetentionDays int = 30

@description('How the app reaches its stores.')
param network networkChoice

@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GZRS'])
param storageSku string

@description('The account that keeps keys and backups; a second region is worth its price here first.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GZRS'])
param keepSku string

@description('Days in which a nightly copy of the ledger can be neither changed nor deleted; after them it is deleted.')
param backupDays int

@description('Nobody deletes stores or vault before the locks on them. Who deploys needs the right to write locks.')
param deleteLocks bool

@description('Nobody destroys the vault before its retention ends. Cannot be taken back; where it is off, an environment can be made anew.')
param purgeProtection bool

@description('Bring back the deleted vault of this environment instead of making a new one: once, after the environment was deleted.')
param recoverVault bool = false

param zoneRedundant bool
param maximumInstances int
param instanceMemoryMb int
param logRetentionDays int
param logDailyCapGb int

@description('Who is told when an alert fires.')
param alertReceivers receiverList

@description('Spending a month of this environment, in the currency of the subscription.')
@minValue(1)
param monthlyBudget int

@description('First day of the month in which the budget begins, as yyyy-MM-dd: not before the current one when it is first deployed, the same ever after.')
param budgetStart string

@description('Systems of your own that are told of milestones: address by name, such as { orders: \'https://orders.example/oms\' }. None unless told.')
param notificationEndpoints notificationReceivers = {}

@description('Entra ID in front of the app, or null to rely on function keys alone: for development.')
param entra signIn?

var token = toLower(uniqueString(subscription().id, environmentName, location))
// Known before anything is deployed, so that what-if can tell what will change.
var names = {
  identity: 'id-${token}'
  workspace: 'log-${token}'
  component: 'appi-${token}'
  hostStorage: 'sthost${token}'
  dataStorage: 'stdata${token}'
  keepStorage: 'stkeep${token}'
  vault: 'kv-${token}'
  wrappingKey: 'data-protection'
  scheduler: 'dts-${token}'
  network: 'vnet-${token}'
  plan: 'plan-${token}'
  app: 'func-${token}'
}
var tags = { 'azd-env-name': environmentName, application: 'oms-workflows' }
// Which backend keeps orchestrations stands in host.json and nowhere else: the host, the package and this template read it there.
var onScheduler = loadJsonContent('../host.json').extensions.durableTask.storageProvider.type == 'azureManaged'
var private = network.kind != 'public'
var packageContainer = 'app-package'
var keyRingContainer = 'data-protection'
var backupContainer = 'ledger-copies'
// What functions/Secrets/SecretSettings.cs names.
var readSecrets = ['Oms--ApiKey', 'Oms--ApiSecret', 'Notifications--CurrentSecret', 'Notifications--NextSecret']
var writtenSecrets = ['Webhooks--CurrentSecret', 'Webhooks--NextSecret']
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
    private: private
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
    containers: []
    sku: storageSku
    private: private
    locked: deleteLocks
    workspaceId: monitoring.outputs.workspaceId
  }
}

module keepStorage 'modules/storage.bicep' = {
  name: 'keep-storage'
  scope: group
  params: {
    name: names.keepStorage
    location: location
    tags: tags
    containers: [keyRingContainer]
    sku: keepSku
    private: private
    deletedDays: 90
    versions: true
    locked: deleteLocks
    workspaceId: monitoring.outputs.workspaceId
  }
}

module backups 'modules/backups.bicep' = {
  scope: group
  params: { accountName: names.keepStorage, container: backupContainer, days: backupDays }
  dependsOn: [keepStorage]
}

module vault 'modules/vault.bicep' = {
  scope: group
  params: {
    name: names.vault
    wrappingKeyName: names.wrappingKey
    secretNames: concat(readSecrets, writtenSecrets)
    location: location
    tags: tags
    private: private
    purgeProtection: purgeProtection
    recover: recoverVault
    locked: deleteLocks
    workspaceId: monitoring.outputs.workspaceId
  }
}

module taskScheduler 'modules/scheduler.bicep' = if (onScheduler) {
  name: 'scheduler'
  scope: group
  params: {
    name: names.scheduler
    taskHubName: taskHubName
    location: location
    tags: tags
    sku: scheduler
    private: private
    retentionDays: orchestrationRetentionDays
  }
}

module newNetwork 'modules/network.bicep' = if (network.kind == 'new') {
  name: 'network'
  scope: group
  params: { name: names.network, location: location, tags: tags, addressSpace: network.?addressSpace ?? '' }
}

module endpoints 'modules/endpoints.bicep' = if (private) {
  scope: group
  params: {
    makeZones: network.kind == 'new'
    networkId: network.kind == 'new' ? newNetwork!.outputs.id : ''
    subnetId: network.kind == 'new' ? newNetwork!.outputs.endpointSubnetId : network.?endpointSubnetId ?? ''
    existingZones: network.?dnsZoneIds
    location: location
    tags: tags
    groups: concat(['blob', 'queue', 'table', 'vault'], onScheduler ? ['scheduler'] : [])
    targets: concat(
      [
        { name: 'host-blob', resourceId: hostStorage.outputs.id, group: 'blob' }
        { name: 'data-blob', resourceId: dataStorage.outputs.id, group: 'blob' }
        { name: 'data-queue', resourceId: dataStorage.outputs.id, group: 'queue' }
        { name: 'data-table', resourceId: dataStorage.outputs.id, group: 'table' }
        { name: 'keep-blob', resourceId: keepStorage.outputs.id, group: 'blob' }
        { name: 'vault', resourceId: vault.outputs.id, group: 'vault' }
      ],
      onScheduler ? [{ name: 'scheduler', resourceId: taskScheduler!.outputs.id, group: 'scheduler' }] : []
    )
  }
}

module roles 'modules/roles.bicep' = {
  scope: group
  params: {
    identityName: names.identity
    hostStorageName: names.hostStorage
    dataStorageName: names.dataStorage
    keepStorageName: names.keepStorage
    keyRingContainer: keyRingContainer
    backupContainer: backupContainer
    vaultName: names.vault
    readSecrets: readSecrets
    writtenSecrets: writtenSecrets
    wrappingKeyName: names.wrappingKey
    componentName: names.component
    schedulerName: onScheduler ? names.scheduler : ''
    taskHubName: taskHubName
  }
  dependsOn: [identity, monitoring, hostStorage, dataStorage, backups, vault, taskScheduler]
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
    keepBlobEndpoint: keepStorage.outputs.blobEndpoint
    keyRingContainer: keyRingContainer
    backupContainer: backupContainer
    vaultUri: vault.outputs.uri
    wrappingKeyUri: vault.outputs.wrappingKeyUri
    notificationEndpoints: notificationEndpoints
    signIn: entra != null
    useScheduler: onScheduler
    schedulerEndpoint: onScheduler ? taskScheduler!.outputs.endpoint : ''
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
    subnetId: network.kind == 'new' ? newNetwork!.outputs.appSubnetId : network.?appSubnetId ?? ''
    maximumInstances: maximumInstances
    instanceMemoryMb: instanceMemoryMb
    zoneRedundant: zoneRedundant
    entra: entra
    workspaceId: monitoring.outputs.workspaceId
  }
  // Without its roles the app would start into refusals.
  dependsOn: [roles]
}

module people 'modules/people.bicep' = {
  scope: group
  params: { environmentName: environmentName, tags: tags, receivers: alertReceivers }
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    environmentName: environmentName
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    peopleId: people.outputs.id
  }
}

module platform 'modules/platform.bicep' = {
  scope: group
  params: {
    environmentName: environmentName
    tags: tags
    appId: app.outputs.id
    storageIds: [hostStorage.outputs.id, dataStorage.outputs.id, keepStorage.outputs.id]
    taskHubStorageName: onScheduler ? '' : names.dataStorage
    peopleId: people.outputs.id
  }
}

module silence 'modules/silence.bicep' = {
  scope: group
  params: {
    environmentName: environmentName
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    componentId: monitoring.outputs.componentId
    baseUrl: 'https://${app.outputs.hostName}'
    peopleId: people.outputs.id
  }
}

module budget 'modules/budget.bicep' = {
  scope: group
  params: {
    environmentName: environmentName
    emails: alertReceivers.emails
    monthlyBudget: monthlyBudget
    startDate: budgetStart
  }
}

module spending 'modules/spending.bicep' = {
  params: { environmentName: environmentName, emails: alertReceivers.emails }
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
