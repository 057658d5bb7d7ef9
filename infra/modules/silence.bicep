// What wakes somebody when nothing is heard any more: errors cannot be counted when nobody is left to report them.
import { labels } from 'types.bicep'

param environmentName string
param location string
param tags labels
param workspaceId string
param componentId string

@description('Address of the app, without a slash at the end.')
param baseUrl string

@description('Action group that is told.')
param peopleId string

type heartbeat = {
  @description('Name of the timer function.')
  timer: string
  severity: 1 | 2
  @description('It has to complete once in this time: twice its period or more, so that one run may fail.')
  within: 'PT15M' | 'PT3H' | 'P2D'
  @description('What stops with it.')
  description: string
}

// One for each timer function of the app (tests/Infra.Tests).
var heartbeats heartbeat[] = [
  {
    timer: 'SweepInbox'
    severity: 1
    within: 'PT15M'
    description: 'Webhooks that could not be delivered at once wait, and settlements nobody booked are not noticed.'
  }
  {
    timer: 'SweepStarts'
    severity: 1
    within: 'PT15M'
    description: 'Journeys whose start was cut off by a crash do not begin.'
  }
  {
    timer: 'ReconcileHourly'
    severity: 1
    within: 'PT3H'
    description: 'Nobody compares the ledger with what OMS settled.'
  }
  {
    timer: 'ReconcileDaily'
    severity: 2
    within: 'P2D'
    description: 'Transactions that OMS settles late are not noticed when their webhook is lost.'
  }
  {
    timer: 'CleanInbox'
    severity: 2
    within: 'P2D'
    description: 'Old events and listeners are not removed.'
  }
  {
    timer: 'SendNotifications'
    severity: 1
    within: 'PT15M'
    description: 'Systems that are told of milestones are told nothing that was not taken at once.'
  }
  {
    timer: 'CleanNotifications'
    severity: 2
    within: 'P2D'
    description: 'Old notifications are not removed.'
  }
  {
    timer: 'ExportLedger'
    severity: 1
    within: 'P2D'
    description: 'There is no fresh copy of the ledger: what is lost now cannot be restored.'
  }
]
var frequency = { PT15M: 'PT5M', PT3H: 'PT15M', P2D: 'PT1H' }
var regions = ['emea-nl-ams-azr', 'emea-gb-db3-azr', 'emea-ch-zrh-edge', 'us-va-ash-azr', 'apac-sg-sin-azr']

resource alive 'Microsoft.Insights/webtests@2022-06-15' = {
  name: '${environmentName}-alive'
  location: location
  tags: union(tags, { 'hidden-link:${componentId}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: '${environmentName}-alive'
    Name: '${environmentName}-alive'
    Kind: 'standard'
    Enabled: true
    Frequency: 300
    Timeout: 30
    RetryEnabled: true
    Locations: [for region in regions: { Id: region }]
    Request: { RequestUrl: '${baseUrl}/api/health/live', HttpVerb: 'GET', ParseDependentRequests: false }
    ValidationRules: { ExpectedHttpStatusCode: 200, SSLCheck: true, SSLCertRemainingLifetimeCheck: 14 }
  }
}

resource dead 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${environmentName}-not-alive'
  location: 'global'
  tags: tags
  properties: {
    description: 'The app does not answer from outside: ${baseUrl}/api/health/live.'
    severity: 0
    enabled: true
    scopes: [alive.id, componentId]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: alive.id
      componentId: componentId
      failedLocationCount: 2
    }
    actions: [{ actionGroupId: peopleId }]
  }
}

resource missing 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for beat in heartbeats: {
    name: '${environmentName}-silent-${toLower(beat.timer)}'
    location: location
    tags: tags
    properties: {
      displayName: 'silent-${beat.timer}'
      description: '${beat.timer} has not completed for ${beat.within}. ${beat.description}'
      severity: beat.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: frequency[beat.within]
      windowSize: beat.within
      criteria: {
        allOf: [
          {
            // Counted without dimensions: only so does Azure see that there is nothing.
            query: 'AppMetrics | where Name == "oms_workflows.timers" and tostring(Properties.timer) == "${beat.timer}"'
            timeAggregation: 'Count'
            operator: 'LessThan'
            threshold: 1
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      autoMitigate: true
      skipQueryValidation: true
      actions: { actionGroups: [peopleId] }
    }
  }
]
