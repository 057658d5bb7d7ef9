// For azd: what differs between environments comes from `azd env set NAME value`. Teams deploy environments/*/main.bicepparam.
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param omsBaseUrl = readEnvironmentVariable('OMS_BASE_URL', 'https://sandbox-api.polygon.technology')
param network = bool(readEnvironmentVariable('PRIVATE_NETWORK', 'false'))
  ? { kind: 'new', addressSpace: readEnvironmentVariable('ADDRESS_SPACE', '10.20.0.0/23') }
  : { kind: 'public' }
param storageSku = 'Standard_LRS'
param keepSku = 'Standard_LRS'
param backupDays = 7
param deleteLocks = false
param purgeProtection = false
param recoverVault = bool(readEnvironmentVariable('RECOVER_VAULT', 'false'))
param zoneRedundant = false
param maximumInstances = 40
param instanceMemoryMb = 2048
param logRetentionDays = 30
param logDailyCapGb = 1
param alertReceivers = { emails: [readEnvironmentVariable('ALERT_EMAIL')] }
param monthlyBudget = int(readEnvironmentVariable('MONTHLY_BUDGET', '150'))
// infra/hooks/preprovision.sh computes it, once.
param budgetStart = readEnvironmentVariable('BUDGET_START')
param entra = null
