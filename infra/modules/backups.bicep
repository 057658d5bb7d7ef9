// Where the ledger's nightly copies lie: written once, changed by nobody until they are old, deleted then.
param accountName string
param container string

@description('Days in which a copy can be neither changed nor deleted; after them it is deleted.')
@minValue(1)
param days int

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: accountName

  resource blobs 'blobServices' existing = {
    name: 'default'
  }
}

resource copies 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = {
  parent: account::blobs
  name: container
  properties: { publicAccess: 'None' }
}

// Made unlocked, so that a trial can be undone. Locking it is one way, and a person's decision (docs/operations.md): from then on a template
// may not write it any more, hence only where there is none.
@onlyIfNotExists()
resource immutable 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2024-01-01' = {
  parent: copies
  name: 'default'
  properties: { immutabilityPeriodSinceCreationInDays: days, allowProtectedAppendWrites: false }
}

resource aging 'Microsoft.Storage/storageAccounts/managementPolicies@2024-01-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'delete-old-copies'
          enabled: true
          type: 'Lifecycle'
          definition: {
            // Copies begin with their year. Archives of months (archive/…) are the books, and stay.
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['${container}/2'] }
            actions: {
              baseBlob: { delete: { daysAfterCreationGreaterThan: days + 1 } }
              version: { delete: { daysAfterCreationGreaterThan: days + 1 } }
            }
          }
        }
      ]
    }
  }
}
