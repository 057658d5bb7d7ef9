// Puts the OMS key into the vault through Azure Resource Manager: it works while the vault is closed to all networks, and needs no right to
// read secrets. Secure parameters are not kept in the deployment's history. Used once, and again when OMS issues a new key.
param vaultName string

@description('Key identifier that OMS issued.')
@secure()
@minLength(1)
param omsApiKey string

@description('Key secret that OMS issued.')
@secure()
@minLength(1)
param omsApiSecret string

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName
}

// A colon is not allowed in a secret's name; the app reads -- as one.
resource key 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  parent: vault
  name: 'Oms--ApiKey'
  properties: { value: omsApiKey, attributes: { enabled: true } }
}

resource secret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  parent: vault
  name: 'Oms--ApiSecret'
  properties: { value: omsApiSecret, attributes: { enabled: true } }
}
