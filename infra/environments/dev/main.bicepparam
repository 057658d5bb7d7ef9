using '../../main.bicep'

param environmentName = 'oms-workflows-dev'
param location = 'westeurope'
param omsBaseUrl = 'https://sandbox-api.polygon.technology'
param network = { kind: 'public' }
param storageSku = 'Standard_LRS'
param keepSku = 'Standard_LRS'
param backupDays = 7
param deleteLocks = false
param purgeProtection = false
param zoneRedundant = false
param maximumInstances = 40
param instanceMemoryMb = 2048
param logRetentionDays = 30
param logDailyCapGb = 1
param alertReceivers = { emails: ['oms-workflows-dev@example.com'] }
param monthlyBudget = 150
param budgetStart = '2026-12-01'
param entra = null
