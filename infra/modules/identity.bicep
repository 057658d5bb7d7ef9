// Who the app is. User-assigned, so that its roles exist before the app does and survive the app's replacement.
import { labels } from 'types.bicep'

param name string
param location string
param tags labels

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

output id string = identity.id
output name string = identity.name
output clientId string = identity.properties.clientId
output principalId string = identity.properties.principalId
