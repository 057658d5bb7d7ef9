#!/bin/sh
# The app does not start without the OMS key. Asks for it once; the Azure CLI prompts for the two secure parameters without showing them.
# Names the subscription every time: the one that the Azure CLI happens to be set to may be another than azd's.
set -eu
if bash infra/secrets-ready.sh "$AZURE_SUBSCRIPTION_ID" "$AZURE_RESOURCE_GROUP" "$AZURE_KEY_VAULT_NAME" >/dev/null; then
  echo "The vault has an OMS key already."
else
  echo "Enter the key identifier and the key secret that OMS issued, for vault $AZURE_KEY_VAULT_NAME in subscription $AZURE_SUBSCRIPTION_ID."
  az deployment group create --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$AZURE_RESOURCE_GROUP" --name oms-key --output none \
    --template-file infra/secrets.bicep --parameters vaultName="$AZURE_KEY_VAULT_NAME"
fi
