#!/usr/bin/env bash
# Is the deployed app alive, is it the new one, and does it refuse what it must? usage: infra/smoke.sh https://HOST [COMMIT]
# Creates nothing: it needs no key.
set -uo pipefail
base=${1:?usage: infra/smoke.sh https://HOST [COMMIT]}
commit=${2:-}

status() { curl --silent --output /dev/null --max-time 20 --write-out '%{http_code}' "$@"; }

expect() {
  local what=$1 want=$2; shift 2
  local got; got=$(status "$@")
  if [ "$got" = "$want" ]; then echo "ok: $what ($got)"; else echo "FAILED: $what: expected $want, got $got"; exit 1; fi
}

# What runs: the old code answers until the new one has taken its place.
alive() { curl --silent --fail --max-time 20 "$base/api/health/live" | grep --quiet --fixed-strings -- "${commit:-live}"; }

# After a deployment the first instance is still starting: up to five minutes.
for attempt in $(seq "${SMOKE_ATTEMPTS:-60}"); do
  alive && break
  [ "$attempt" -lt "${SMOKE_ATTEMPTS:-60}" ] || { echo "FAILED: $base/api/health/live does not answer as ${commit:-alive}"; exit 1; }
  sleep 5
done
echo "ok: ${commit:-the app} is alive after $attempt attempts"

expect "a webhook without a signature is refused" 401 --request POST --header 'Content-Type: application/json' --data '{}' "$base/api/webhooks/oms"
expect "a cash-in without a key is refused" 401 --request POST --header 'Content-Type: application/json' --data '{}' "$base/api/cash-ins"
expect "operations without a key are refused" 401 "$base/api/operations/settlements"
expect "the management of orchestrations is closed to strangers" 401 "$base/runtime/webhooks/durabletask/instances"
expect "plain http is not served" 301 "${base/https:/http:}/api/health/live"
