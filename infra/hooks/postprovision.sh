#!/bin/sh
# The app does not start without the OMS key. Asks for it once; the Azure CLI prompts for the two secure parameters without showing them.
set -eu
vault="/subscriptions/$AZURE_SUBSCRIPTION_ID/resourceGroups/$AZURE_RESOURCE_GROUP/providers/Microsoft.KeyVault/vaults/$AZURE_KEY_VAULT_NAME"
if az resource show --ids "$vault/secrets/Oms--ApiKey" --output none 2>/dev/null; then
  echo "The vault has an OMS key already."
else
  echo "Enter the key identifier and the key secret that OMS issued."
  az deployment group create --resource-group "$AZURE_RESOURCE_GROUP" --name oms-key --output none \
    --template-file infra/secrets.bicep --parameters vaultName="$AZURE_KEY_VAULT_NAME"
fi
