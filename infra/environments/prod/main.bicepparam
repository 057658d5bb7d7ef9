using '../../main.bicep'

param environmentName = 'oms-workflows-prod'
param location = 'westeurope'
param omsBaseUrl = 'https://api.polygon.technology'
param orchestrationBackend = 'DurableTaskScheduler'
param schedulerSku = 'Consumption'
param privateNetwork = true
param storageSku = 'Standard_ZRS'
param zoneRedundant = true
param maximumInstances = 100
param instanceMemoryMb = 2048
param logRetentionDays = 90
param logDailyCapGb = -1
param alertEmails = ['oms-workflows@example.com']
param monthlyBudget = 1000
param budgetStart = '2026-12-01'
