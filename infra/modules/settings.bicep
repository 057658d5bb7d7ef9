// The app's settings: addresses and identities, no secrets. A name here is one that the app or its host reads (tests/Infra.Tests).
import { appSettings, notificationReceivers } from 'types.bicep'

param appName string
param clientId string
param omsBaseUrl string
param componentConnectionString string
param hostBlobEndpoint string
param dataBlobEndpoint string
param dataQueueEndpoint string
param dataTableEndpoint string
param keepBlobEndpoint string
param keyRingContainer string
param backupContainer string
param vaultUri string
param wrappingKeyUri string
param notificationEndpoints notificationReceivers

@description('Whether the platform signs callers in before the app; only then does the app believe whom it names.')
param signIn bool

@description('True when Durable Task Scheduler keeps orchestrations, at this endpoint; else Azure Storage does.')
param useScheduler bool
param schedulerEndpoint string
param taskHubName string

var host = {
  AzureWebJobsStorage__blobServiceUri: hostBlobEndpoint
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: clientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: componentConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${clientId};Authorization=AAD'
  // No FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: the host answers 500 above it, so that anybody could raise an alarm. The app has limits of its own.
  TASKHUB_NAME: taskHubName
}

// What host.json says about the backend, said once more: the file steers the scale controller, these steer the host.
var durable = 'AzureFunctionsJobHost__extensions__durableTask__storageProvider'
var onScheduler = {
  '${durable}__type': 'azureManaged'
  '${durable}__connectionStringName': 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
  DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${schedulerEndpoint};Authentication=ManagedIdentity;ClientID=${clientId}'
}
var onStorage = {
  '${durable}__type': 'AzureStorage'
  '${durable}__connectionName': 'TaskHubStorage'
  TaskHubStorage__blobServiceUri: dataBlobEndpoint
  TaskHubStorage__queueServiceUri: dataQueueEndpoint
  TaskHubStorage__tableServiceUri: dataTableEndpoint
  TaskHubStorage__credential: 'managedidentity'
  TaskHubStorage__clientId: clientId
}

var app = {
  AZURE_CLIENT_ID: clientId
  Oms__BaseUrl: omsBaseUrl
  Tables__ServiceUri: dataTableEndpoint
  Secrets__VaultUri: vaultUri
  DataProtection__BlobUri: '${keepBlobEndpoint}${keyRingContainer}/keys.xml'
  DataProtection__KeyUri: wrappingKeyUri
  Backup__ContainerUri: '${keepBlobEndpoint}${backupContainer}'
  Access__SignIn: string(signIn)
  Webhooks__PublicUrl: 'https://${appName}.azurewebsites.net/api/webhooks/oms'
}

var told = toObject(items(notificationEndpoints), each => 'Notifications__Endpoints__${each.key}', each => each.value)

output settings appSettings = union(host, app, told, useScheduler ? onScheduler : onStorage)
