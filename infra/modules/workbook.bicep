// One page to look at: journeys, webhooks, OMS, money.
import { labels } from 'types.bicep'

param environmentName string
param location string
param tags labels
param workspaceId string

var tiles = [
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
  for (tile, i) in tiles: {
    type: 3
    name: 'tile-${i}'
    content: {
      version: 'KqlItem/1.0'
      title: tile.title
      query: tile.query
      size: 0
      timeContext: { durationMs: 86400000 }
      queryType: 0
      resourceType: 'microsoft.operationalinsights/workspaces'
      crossComponentResources: [workspaceId]
      visualization: tile.chart
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
