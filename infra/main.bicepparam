// For azd: what differs between environments comes from `azd env set NAME value`. Teams deploy environments/*/main.bicepparam.
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'oms-workflows')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param omsBaseUrl = readEnvironmentVariable('OMS_BASE_URL', 'https://sandbox-api.polygon.technology')
param orchestrationBackend = readEnvironmentVariable('DURABLE_BACKEND', 'AzureStorage')
param privateNetwork = bool(readEnvironmentVariable('PRIVATE_NETWORK', 'false'))
param storageSku = 'Standard_LRS'
param zoneRedundant = false
param maximumInstances = 40
param instanceMemoryMb = 2048
param logRetentionDays = 30
param logDailyCapGb = 1
param alertEmails = [readEnvironmentVariable('ALERT_EMAIL', 'oms-workflows@example.com')]
param monthlyBudget = int(readEnvironmentVariable('MONTHLY_BUDGET', '100'))
param budgetStart = readEnvironmentVariable('BUDGET_START', '2026-12-01')
