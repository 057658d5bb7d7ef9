using '../../main.bicep'

param environmentName = 'oms-workflows-prod'
param location = 'westeurope'
param omsBaseUrl = 'https://api.polygon.technology'
param network = { kind: 'new', addressSpace: '10.20.0.0/23' }
param storageSku = 'Standard_ZRS'
param keepSku = 'Standard_GZRS'
param backupDays = 400
param deleteLocks = true
param purgeProtection = true
param zoneRedundant = true
param maximumInstances = 100
param instanceMemoryMb = 2048
param logRetentionDays = 90
param logDailyCapGb = -1
param alertReceivers = {
  emails: ['oms-workflows@example.com']
  webhooks: [
    {
      name: 'on-call'
      uri: 'https://on-call.example.com/azure'
      application: { objectId: '33333333-3333-3333-3333-333333333333', identifierUri: 'api://on-call' }
    }
  ]
}
param monthlyBudget = 1000
param budgetStart = '2026-12-01'
// Made and kept by infra/entra.sh: put your own ids here.
param entra = {
  clientId: '11111111-1111-1111-1111-111111111111'
  allowedClientIds: ['22222222-2222-2222-2222-222222222222']
  roles: {
    Caller: ['44444444-4444-4444-4444-444444444444']
    Operator: ['55555555-5555-5555-5555-555555555555']
  }
}
