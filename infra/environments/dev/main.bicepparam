using '../../main.bicep'

param environmentName = 'oms-workflows-dev'
param location = 'westeurope'
param omsBaseUrl = 'https://sandbox-api.polygon.technology'
param orchestrationBackend = 'AzureStorage'
param privateNetwork = false
param storageSku = 'Standard_LRS'
param zoneRedundant = false
param maximumInstances = 40
param instanceMemoryMb = 2048
param logRetentionDays = 30
param logDailyCapGb = 1
param alertEmails = ['oms-workflows-dev@example.com']
param monthlyBudget = 100
param budgetStart = '2026-12-01'
