// What the app's own events and metrics wake somebody for. They name the event ids and metrics that the app emits; tests/Infra.Tests fails when it stops emitting one.
import { labels } from 'types.bicep'

param environmentName string
param location string
param tags labels
param workspaceId string

@description('Action group that is told.')
param peopleId string

type logAlert = {
  name: string
  @description('What happened and where to look, as the mail says it.')
  description: string
  severity: 0 | 1 | 2 | 3
  query: string
  minutes: 5 | 15 | 60
  @description('Fires above this many rows, or above this sum of the measure.')
  threshold: int
  @description('Column that is summed; without it, rows are counted.')
  measure: string?
}

@description('Log events of the app with one of these ids.')
func events(ids string) string => 'AppTraces | where toint(Properties.EventId) in (${ids})'

@description('Rows in which a gauge of the app is above a limit.')
func above(metric string, limit int) string => 'AppMetrics | where Name == "${metric}" and Max > ${limit}'

@description('Attempts of calls to OMS by status; ItemCount says how many a row stands for. Metrics are never sampled, spans are.')
func omsCalls(status string) string => 'AppMetrics | where Name == "oms_workflows.oms.calls" and toint(Properties.status) ${status}'

var logAlerts logAlert[] = [
  {
    name: 'money-differs'
    description: 'Credited amounts differ from what OMS settled. Stop payouts that rely on them and look at the reconciliation.'
    severity: 0
    query: events('4002')
    minutes: 15
    threshold: 0
  }
  {
    name: 'money-taken-not-delivered'
    description: 'A journey failed after money was taken: whoever paid has neither money nor tokens. Look at its transaction at OMS.'
    severity: 0
    query: events('2007')
    minutes: 5
    threshold: 0
  }
  {
    name: 'sign-in-contradiction'
    description: 'The app is told that callers sign in, and the platform says that they do not. Nobody is let in.'
    severity: 1
    query: events('6002')
    minutes: 5
    threshold: 0
  }
  {
    name: 'journeys-need-review'
    description: 'A journey cannot tell what became of money. An operator must look: GET /api/cash-ins, phase NeedsReview.'
    severity: 1
    query: events('2004')
    minutes: 15
    threshold: 0
  }
  {
    name: 'journeys-failed'
    description: 'More journeys than usual end as failed; their reasons are in the log.'
    severity: 2
    query: events('2003')
    minutes: 60
    threshold: 10
  }
  {
    name: 'journeys-stuck'
    description: 'Journeys wait longer than they should.'
    severity: 2
    query: events('2005')
    minutes: 60
    threshold: 3
  }
  {
    name: 'inbox-age'
    description: 'A webhook has waited for its journey for more than half an hour.'
    severity: 2
    query: above('oms_workflows.inbox.oldest', 1800)
    minutes: 15
    threshold: 0
  }
  {
    name: 'dead-letters'
    description: 'Nobody came for a webhook: POST /api/operations/dead-letters/redrive once the cause is found.'
    severity: 2
    query: events('3006')
    minutes: 60
    threshold: 0
  }
  {
    name: 'notification-dead-letters'
    description: 'A system that is told of milestones has not taken one for three days: POST /api/operations/notifications/redrive once it does.'
    severity: 1
    query: events('6103')
    minutes: 60
    threshold: 0
  }
  {
    name: 'notifications-unsigned'
    description: 'There is no secret to sign notifications with, so none is sent. Store Notifications--CurrentSecret: docs/operations.md.'
    severity: 1
    query: events('6104')
    minutes: 15
    threshold: 3
  }
  {
    name: 'notifications-unsent'
    description: 'What is to be told could not be read or noted; it is tried again.'
    severity: 2
    query: events('6105, 6106')
    minutes: 15
    threshold: 5
  }
  {
    name: 'webhooks-refused'
    description: 'Webhooks are refused: the secret is wrong, or somebody tries.'
    severity: 1
    query: events('3003')
    minutes: 15
    threshold: 20
  }
  {
    name: 'webhooks-not-stored'
    description: 'Webhooks cannot be stored; OMS sends them again.'
    severity: 1
    query: events('3005')
    minutes: 5
    threshold: 5
  }
  {
    name: 'requests-failing'
    description: 'Requests of callers end in unexpected errors.'
    severity: 2
    query: events('2002')
    minutes: 15
    threshold: 5
  }
  {
    name: 'poison-messages'
    description: 'A message of the task hub was taken from its queue too often.'
    severity: 1
    query: 'AppTraces | where Message has "PoisonMessageDetected" or tostring(Properties.EventName) == "PoisonMessageDetected"'
    minutes: 15
    threshold: 0
  }
  {
    name: 'unclaimed-settlements'
    description: 'Money was settled that no journey claims. Attach or refund it: docs/operations.md.'
    severity: 1
    query: events('1103')
    minutes: 15
    threshold: 0
  }
  {
    name: 'settlement-conflict'
    description: 'A settlement is claimed twice. Nothing was booked twice; an operator must decide.'
    severity: 0
    query: events('1104')
    minutes: 5
    threshold: 0
  }
  {
    name: 'oms-key-refused'
    description: 'OMS refuses the API key. Check the secrets Oms--ApiKey and Oms--ApiSecret.'
    severity: 0
    query: events('1002')
    minutes: 5
    threshold: 0
  }
  {
    name: 'oms-failing'
    description: 'Calls to OMS fail after all their retries.'
    severity: 2
    query: events('1004')
    minutes: 15
    threshold: 20
  }
  {
    name: 'oms-5xx'
    description: 'OMS answers with server errors.'
    severity: 2
    query: omsCalls('between (500 .. 599)')
    measure: 'ItemCount'
    minutes: 15
    threshold: 50
  }
  {
    name: 'oms-throttling'
    description: 'OMS answers 429: calls wait for their turn, and journeys with them.'
    severity: 2
    query: omsCalls('== 429')
    measure: 'ItemCount'
    minutes: 15
    threshold: 50
  }
  {
    name: 'secrets-stale'
    description: 'The vault cannot be read; the app runs on the secrets it knows.'
    severity: 2
    query: events('5002')
    minutes: 60
    threshold: 10
  }
  {
    name: 'secrets-refused'
    description: 'A secret in the vault cannot be right; the app runs on the one it had. Correct it before an instance has to start with it.'
    severity: 1
    query: events('5005')
    minutes: 15
    threshold: 0
  }
  {
    name: 'tables-unreachable'
    description: 'An instance cannot set up its tables: it answers webhooks with 503 until it can.'
    severity: 1
    query: events('1106')
    minutes: 15
    threshold: 3
  }
]

resource logRules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in logAlerts: {
    name: '${environmentName}-${alert.name}'
    location: location
    tags: tags
    properties: {
      displayName: alert.name
      description: alert.description
      severity: alert.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT${alert.minutes}M'
      criteria: {
        allOf: [
          {
            query: alert.query
            metricMeasureColumn: alert.?measure
            timeAggregation: alert.?measure == null ? 'Count' : 'Total'
            operator: 'GreaterThan'
            threshold: alert.threshold
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      autoMitigate: true
      // Tables that no event has reached yet are not an error.
      skipQueryValidation: true
      actions: { actionGroups: [peopleId] }
    }
  }
]
