// Tells somebody when a day costs more than such a day used to. A budget has no daily grain; this is evaluated once a day, for the whole
// subscription: anomalies exist at no narrower scope.
targetScope = 'subscription'

param environmentName string
param emails string[]

@description('From when it watches: the day of the deployment. Azure ends it after a year, so an environment that is deployed at all goes on being watched.')
param startDate string = utcNow('yyyy-MM-dd')

resource anomaly 'Microsoft.CostManagement/scheduledActions@2025-03-01' = {
  name: 'daily-cost-${environmentName}'
  kind: 'InsightAlert'
  properties: {
    displayName: 'Daily cost'
    status: 'Enabled'
    viewId: '${subscription().id}/providers/Microsoft.CostManagement/views/ms:DailyAnomalyByResourceGroup'
    notification: { to: emails, subject: 'Unusual daily cost: ${environmentName}' }
    notificationEmail: emails[0]
    schedule: {
      frequency: 'Daily'
      startDate: '${startDate}T00:00:00Z'
      endDate: dateTimeAdd('${startDate}T00:00:00Z', 'P1Y')
    }
  }
}
