// What Azure's own metrics of the app and its storage wake somebody for.
import { labels } from 'types.bicep'

param environmentName string
param tags labels
param appId string
param storageIds string[]

@description('Account that holds the task hub\'s queues; empty when Durable Task Scheduler keeps orchestrations.')
param taskHubStorageName string

@description('Action group that is told.')
param peopleId string

resource failingRequests 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${environmentName}-http-5xx'
  location: 'global'
  tags: tags
  properties: {
    description: 'The app answers with server errors. OMS sends webhooks again; callers see failures.'
    severity: 1
    enabled: true
    scopes: [appId]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'http-5xx'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.Web/sites'
          metricName: 'Http5xx'
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 10
        }
      ]
    }
    actions: [{ actionGroupId: peopleId }]
  }
}

resource throttling 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for (id, i) in storageIds: {
    name: '${environmentName}-storage-throttled-${i}'
    location: 'global'
    tags: tags
    properties: {
      description: 'A storage account refuses requests because there are too many.'
      severity: 2
      enabled: true
      scopes: [id]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            name: 'throttled'
            criterionType: 'StaticThresholdCriterion'
            metricNamespace: 'Microsoft.Storage/storageAccounts'
            metricName: 'Transactions'
            dimensions: [
              {
                name: 'ResponseType'
                operator: 'Include'
                values: [
                  'ServerBusyError'
                  'ClientThrottlingError'
                  'ClientAccountBandwidthThrottlingError'
                  'ClientAccountRequestThrottlingError'
                ]
              }
            ]
            timeAggregation: 'Total'
            operator: 'GreaterThan'
            threshold: 20
          }
        ]
      }
      actions: [{ actionGroupId: peopleId }]
    }
  }
]

resource backlog 'Microsoft.Insights/metricAlerts@2018-03-01' = if (!empty(taskHubStorageName)) {
  name: '${environmentName}-task-hub-backlog'
  location: 'global'
  tags: tags
  properties: {
    description: 'Messages of the task hub pile up: instances are too few, or a message cannot be processed.'
    severity: 2
    enabled: true
    scopes: [resourceId('Microsoft.Storage/storageAccounts/queueServices', taskHubStorageName, 'default')]
    evaluationFrequency: 'PT1H'
    windowSize: 'PT1H'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'backlog'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.Storage/storageAccounts/queueServices'
          metricName: 'QueueMessageCount'
          timeAggregation: 'Average'
          operator: 'GreaterThan'
          threshold: 1000
        }
      ]
    }
    actions: [{ actionGroupId: peopleId }]
  }
}
