@export()
@description('Tags of a resource.')
type labels = { *: string }

@export()
@description('Settings of the app; it sees them as environment variables.')
type appSettings = { *: string }

@export()
@description('Systems that are told of milestones: an https address by a name of letters and digits.')
type notificationReceivers = { *: string }

@export()
@description('Services that get a private endpoint, by the name of their group.')
type privateGroup = 'blob' | 'queue' | 'table' | 'vault' | 'scheduler'

@export()
@description('A service of a resource that gets a private endpoint.')
type privateTarget = {
  name: string
  resourceId: string
  group: privateGroup
}

@export()
@description('How the app reaches its stores. Anything but public closes storage, vault and scheduler to everything outside the network.')
@discriminator('kind')
type networkChoice = publicNetwork | newNetwork | existingNetwork

@description('Over public addresses; identities alone decide who may.')
type publicNetwork = { kind: 'public' }

@description('Through a network that is made for it, with its own name zones.')
type newNetwork = {
  kind: 'new'
  @description('A /23 or larger that nothing else uses; it is cut into a /24 for the app and one for the endpoints.')
  addressSpace: string
}

@description('Through subnets that exist: with their own routes, rules and outgoing address.')
type existingNetwork = {
  kind: 'existing'
  @description('Delegated to Microsoft.App/environments, used by nothing else, /27 or larger.')
  appSubnetId: string
  endpointSubnetId: string
  @description('Private DNS zones that the network resolves, by group. Leave out where a policy registers endpoints in a central zone.')
  dnsZoneIds: dnsZones?
}

@export()
@description('Private DNS zones by the group they serve.')
type dnsZones = {
  blob: string
  queue: string
  table: string
  vault: string
  @description('Needed when Durable Task Scheduler keeps orchestrations.')
  scheduler: string?
}

@export()
@description('Durable Task Scheduler: pay by use, or by reserved capacity units (three or more are spread over zones).')
@discriminator('name')
type schedulerSku = { name: 'Consumption' } | { name: 'Dedicated', capacity: int }

@export()
@description('Entra ID in front of the app: callers show a token of this application. Webhooks stay open: they are signed.')
type signIn = {
  @description('Application (client) id of the app registration that stands for this API (infra/entra.sh makes it).')
  clientId: string
  @description('Client ids of the applications that may call.')
  @minLength(1)
  allowedClientIds: string[]
  @description('Who has which role of the application: object ids of groups, of people, or of service principals. infra/entra.sh assigns them.')
  roles: {
    @description('May start, read, refresh, confirm and cancel journeys.')
    @minLength(1)
    Caller: string[]
    @description('May decide about money, dead letters and the subscription.')
    @minLength(1)
    Operator: string[]
  }
}

@export()
@description('Who is told when an alert fires.')
type receiverList = {
  @minLength(1)
  emails: string[]
  @description('Systems that wake people: an on-call service, a chat, a ticket queue.')
  webhooks: webhookReceiver[]?
  @description('Telephones that get a text message.')
  phones: phoneReceiver[]?
}

type webhookReceiver = {
  name: string
  @description('https address. One that carries a secret of its own does not belong into a parameter file: use an application instead.')
  uri: string
  @description('The receiver\'s application in Entra ID, whose token Azure Monitor shows; without it, whoever knows the address can post.')
  application: { objectId: string, identifierUri: string }?
}

type phoneReceiver = { name: string, countryCode: string, number: string }
