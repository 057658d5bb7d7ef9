#!/usr/bin/env bash
# Has somebody put the OMS key into the vault? usage: infra/secrets-ready.sh SUBSCRIPTION GROUP VAULT
# Asks Azure Resource Manager, which answers while the vault is closed to all networks, and reads no value.
set -euo pipefail
vault="/subscriptions/${1:?}/resourceGroups/${2:?}/providers/Microsoft.KeyVault/vaults/${3:?}"

for name in Oms--ApiKey Oms--ApiSecret; do
  if [ "$(az resource show --ids "$vault/secrets/$name" --api-version 2024-11-01 --query properties.attributes.enabled --output tsv)" != true ]; then
    echo "The vault has no $name yet. Put the OMS key in, then run this again:"
    echo "az deployment group create --subscription $1 --resource-group $2 --name oms-key --template-file infra/secrets.bicep --parameters vaultName=$3"
    exit 1
  fi
done
echo "The OMS key is in the vault."
