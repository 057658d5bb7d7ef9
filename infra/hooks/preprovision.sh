#!/bin/sh
# A budget begins on the first day of the month in which its environment is made, and Azure refuses to move it later: computed once, then kept
# with the environment.
set -eu
if [ -z "${BUDGET_START:-}" ]; then
  azd env set BUDGET_START "$(date -u +%Y-%m-01)" -e "$AZURE_ENV_NAME"
fi
