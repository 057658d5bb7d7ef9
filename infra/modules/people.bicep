// Who is told.
import { labels, receiverList } from 'types.bicep'

param environmentName string
param tags labels
param receivers receiverList

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${environmentName}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'omsworkflows'
    emailReceivers: [for email in receivers.emails: { name: email, emailAddress: email, useCommonAlertSchema: true }]
    webhookReceivers: [
      for hook in receivers.?webhooks ?? []: {
        name: hook.name
        serviceUri: hook.uri
        useCommonAlertSchema: true
        useAadAuth: hook.?application != null
        objectId: hook.?application.?objectId
        identifierUri: hook.?application.?identifierUri
        tenantId: hook.?application == null ? null : tenant().tenantId
      }
    ]
    smsReceivers: [for phone in receivers.?phones ?? []: { name: phone.name, countryCode: phone.countryCode, phoneNumber: phone.number }]
  }
}

output id string = people.id
