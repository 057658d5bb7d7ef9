// One page to look at: what is promised and what is left of it, journeys, webhooks, OMS, money.
import { labels } from 'types.bicep'

param environmentName string
param location string
param tags labels
param workspaceId string

type objective = {
  name: string
  @description('Share in percent that has to be good over 28 days; what is missing to a hundred is the error budget.')
  target: string
  @description('A row with the columns good and total.')
  query: string
}

// What callers, customers and OMS may rely on (docs/operations.md). A budget that is used up stops changes, not money.
var objectives objective[] = [
  {
    name: 'A start is answered within 2 s, without a server error'
    target: '99.9'
    query: 'AppRequests | where Name in ("StartOnboarding", "StartCashIn", "StartPayout") | summarize good = sumif(ItemCount, toint(ResultCode) < 500 and DurationMs <= 2000), total = sum(ItemCount)'
  }
  {
    name: 'A webhook is answered within 1 s, and stored'
    target: '99.9'
    query: 'AppRequests | where Name == "ReceiveOmsWebhook" | summarize good = sumif(ItemCount, toint(ResultCode) < 500 and DurationMs <= 1000), total = sum(ItemCount)'
  }
  {
    // A row is a minute of an instance: a minute with one late booking counts as late whole.
    name: 'Cash that was taken is booked within 15 minutes'
    target: '99.0'
    query: 'AppMetrics | where Name == "oms_workflows.journeys.phase_time" and tostring(Properties.phase) == "AwaitingSettlement" | summarize good = sumif(ItemCount, Max <= 900), total = sum(ItemCount)'
  }
  {
    name: 'A journey ends without a person having to look'
    target: '99.9'
    query: 'AppMetrics | where Name == "oms_workflows.journeys.entered" | summarize review = sumif(Sum, tostring(Properties.phase) == "NeedsReview"), total = sumif(Sum, tostring(Properties.phase) in ("AwaitingSettlement", "AwaitingEndorsements")) | project good = max_of(total - review, 0.0), total'
  }
]

var objectiveQuery = join(
  map(
    objectives,
    item =>
      '(${item.query} | project Objective = "${item.name}", Target = ${item.target}, Total = toreal(total), Good = iff(total == 0, 100.0, 100.0 * toreal(good) / toreal(total)))'
  ),
  ', '
)

type tile = { title: string, query: string, chart: 'table' | 'timechart', days: int? }

var tiles tile[] = [
  {
    title: 'What is promised, over 28 days: share that was good, and what is left of the error budget, in percent'
    query: 'union ${objectiveQuery} | extend BudgetLeft = 100.0 * (1 - (100.0 - Good) / (100.0 - Target)) | project Objective, Target, Good, BudgetLeft, Total'
    chart: 'table'
    days: 28
  }
  {
    title: 'Webhooks: accepted, repeated, refused, not stored'
    query: 'AppTraces | where toint(Properties.EventId) in (3001, 3002, 3003, 3005) | summarize count() by tostring(Properties.EventName), bin(TimeGenerated, 15m)'
    chart: 'timechart'
  }
  {
    title: 'Age of the webhook that waits longest, in seconds'
    query: 'AppMetrics | where Name == "oms_workflows.inbox.oldest" | summarize max(Max) by bin(TimeGenerated, 15m)'
    chart: 'timechart'
  }
  {
    title: 'Journeys started, failed, overdue, in review'
    query: 'AppTraces | where toint(Properties.EventId) in (2000, 2003, 2004, 2005) | summarize count() by tostring(Properties.EventName), bin(TimeGenerated, 1h)'
    chart: 'timechart'
  }
  {
    title: 'Calls to OMS that failed, by code'
    query: 'AppTraces | where toint(Properties.EventId) == 1004 | summarize count() by tostring(Properties.Code), bin(TimeGenerated, 15m)'
    chart: 'timechart'
  }
  {
    title: 'Booked settlements'
    query: 'AppTraces | where toint(Properties.EventId) == 1102 | summarize count(), sum(todecimal(Properties.Net)) by tostring(Properties.Asset), bin(TimeGenerated, 1h)'
    chart: 'table'
  }
  {
    title: 'Settlements nobody claims'
    query: 'AppTraces | where toint(Properties.EventId) in (1103, 1104, 1105) | project TimeGenerated, Message'
    chart: 'table'
  }
  {
    title: 'Functions: how often, how long, how many failed'
    query: 'AppRequests | summarize calls = sum(ItemCount), p50 = percentile(DurationMs, 50), p99 = percentile(DurationMs, 99), failed = sumif(ItemCount, Success == false) by Name'
    chart: 'table'
  }
]

var items = [
  for (shown, i) in tiles: {
    type: 3
    name: 'tile-${i}'
    content: {
      version: 'KqlItem/1.0'
      title: shown.title
      query: shown.query
      size: 0
      timeContext: { durationMs: 86400000 * (shown.?days ?? 1) }
      queryType: 0
      resourceType: 'microsoft.operationalinsights/workspaces'
      crossComponentResources: [workspaceId]
      visualization: shown.chart
    }
  }
]

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'oms-workflows')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'OMS Workflows (${environmentName})'
    category: 'workbook'
    sourceId: workspaceId
    serializedData: string({ version: 'Notebook/1.0', items: items })
  }
}
