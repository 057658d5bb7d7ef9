// Spending, against the month's budget: actual at 80 %, and what the month will come to at this pace. Unusual days: spending.bicep.
param environmentName string
param emails string[]
param monthlyBudget int

@description('First day of the month in which the budget begins, as yyyy-MM-dd. Azure refuses to change it later.')
param startDate string

resource budget 'Microsoft.Consumption/budgets@2024-08-01' = {
  name: 'budget-${environmentName}'
  properties: {
    category: 'Cost'
    amount: monthlyBudget
    timeGrain: 'Monthly'
    timePeriod: { startDate: startDate }
    notifications: {
      actual: { enabled: true, operator: 'GreaterThan', threshold: 80, thresholdType: 'Actual', contactEmails: emails }
      forecast: { enabled: true, operator: 'GreaterThan', threshold: 100, thresholdType: 'Forecasted', contactEmails: emails }
    }
  }
}
