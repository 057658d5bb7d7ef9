@export()
@description('Tags of a resource.')
type labels = { *: string }

@export()
@description('Settings of the app; it sees them as environment variables.')
type appSettings = { *: string }

@export()
@description('A service of a resource that gets a private endpoint.')
type privateTarget = {
  name: string
  resourceId: string
  group: 'blob' | 'queue' | 'table' | 'vault'
}

@export()
@description('Which backend keeps orchestrations.')
type backend = 'AzureStorage' | 'DurableTaskScheduler'

@export()
@description('Entra ID in front of the app: callers show a token of this application. Webhooks stay open: they are signed.')
type signIn = {
  @description('Application (client) id of the app registration that stands for this API.')
  clientId: string
  @description('Client ids of the applications that may call.')
  allowedClientIds: string[]
}
