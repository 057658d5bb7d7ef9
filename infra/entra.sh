#!/usr/bin/env bash
# Makes the application in Entra ID that stands for this API, and gives its roles to whom the parameters name.
# usage: infra/entra.sh DISPLAY-NAME infra/environments/ENVIRONMENT/main.bicepparam [https://APP.azurewebsites.net]
# With the app's address people can sign in to the console there.
# May be repeated: it changes what differs. Needs the right to write applications; Bicep alone cannot do this. The first run prints the client
# id that belongs into the parameters as entra.clientId.
set -euo pipefail
usage='usage: infra/entra.sh DISPLAY-NAME PARAMETERS.bicepparam [https://APP.azurewebsites.net]'
name=${1:?$usage} parameters=${2:?$usage} app=${3:-}
roles=$(dirname "$0")/entra-roles.json
graph=https://graph.microsoft.com/v1.0

entra=$(az bicep build-params --file "$parameters" --stdout | jq '.parametersJson | fromjson | .parameters.entra.value')
[ "$entra" != null ] || { echo "$parameters has no entra."; exit 1; }

id=$(az ad app list --filter "displayName eq '$name'" --query '[0].appId' --output tsv)
[ -n "$id" ] || id=$(az ad app create --display-name "$name" --sign-in-audience AzureADMyOrg --query appId --output tsv)

# Version 2, because the app accepts tokens of the issuer .../v2.0 only. A new application asks for version 1 if nobody says otherwise.
az rest --method PATCH --uri "$graph/applications(appId='$id')" --body "$(jq --null-input --arg uri "api://$id" --slurpfile roles "$roles" \
  '{api: {requestedAccessTokenVersion: 2}, identifierUris: [$uri], appRoles: $roles[0]}')"

[ -z "$app" ] || az rest --method PATCH --uri "$graph/applications(appId='$id')" --body "$(jq --null-input --arg uri "$app/.auth/login/aad/callback" \
  '{web: {redirectUris: [$uri], implicitGrantSettings: {enableIdTokenIssuance: true}}}')"

sp=$(az ad sp list --filter "appId eq '$id'" --query '[0].id' --output tsv)
[ -n "$sp" ] || sp=$(az ad sp create --id "$id" --query id --output tsv)
# Whoever has no role gets no token.
az rest --method PATCH --uri "$graph/servicePrincipals/$sp" --body '{"appRoleAssignmentRequired": true}'

assigned=$(az rest --method GET --uri "$graph/servicePrincipals/$sp/appRoleAssignedTo" | jq --raw-output '.value[] | "\(.appRoleId) \(.principalId)"')
wanted=$(jq --raw-output --slurpfile roles "$roles" '.roles as $who | $roles[0][] | .id as $role | $who[.value][] | "\($role) \(.)"' <<<"$entra")

while read -r role principal; do
  grep --quiet --line-regexp --fixed-strings "$role $principal" <<<"$assigned" && continue
  az rest --method POST --uri "$graph/servicePrincipals/$sp/appRoleAssignedTo" \
    --body "{\"principalId\": \"$principal\", \"resourceId\": \"$sp\", \"appRoleId\": \"$role\"}" >/dev/null
  echo "assigned $role to $principal"
done <<<"$wanted"

while read -r role principal; do
  [ -z "$role" ] || grep --quiet --line-regexp --fixed-strings "$role $principal" <<<"$wanted" \
    || echo "NOT IN THE PARAMETERS: $principal has role $role. Take it away in Entra ID, or add it to $parameters."
done <<<"$assigned"

if [ "$(jq --raw-output .clientId <<<"$entra")" = "$id" ]; then
  echo "Application $id is as $parameters says."
else
  echo "Set entra.clientId in $parameters to $id."
fi
