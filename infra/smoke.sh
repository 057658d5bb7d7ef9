#!/usr/bin/env bash
# Is the deployed app alive, and does it refuse what it must? usage: infra/smoke.sh https://HOST
# Creates nothing: it needs no key.
set -uo pipefail
base=${1:?usage: infra/smoke.sh https://HOST}

status() { curl --silent --output /dev/null --max-time 20 --write-out '%{http_code}' "$@"; }

expect() {
  local what=$1 want=$2; shift 2
  local got; got=$(status "$@")
  if [ "$got" = "$want" ]; then echo "ok: $what ($got)"; else echo "FAILED: $what: expected $want, got $got"; exit 1; fi
}

# After a deployment the first instance is still starting: up to five minutes.
for attempt in $(seq 60); do
  [ "$(status "$base/api/health/live")" = 200 ] && break
  [ "$attempt" -lt 60 ] || { echo "FAILED: $base/api/health/live does not answer 200"; exit 1; }
  sleep 5
done
echo "ok: the app is alive after $attempt attempts"

expect "a webhook without a signature is refused" 401 --request POST --header 'Content-Type: application/json' --data '{}' "$base/api/webhooks/oms"
expect "a cash-in without a key is refused" 401 --request POST --header 'Content-Type: application/json' --data '{}' "$base/api/cash-ins"
expect "operations without a key are refused" 401 "$base/api/operations/settlements"
expect "plain http is not served" 301 "${base/https:/http:}/api/health/live"
