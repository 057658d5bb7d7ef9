#!/usr/bin/env bash
# Does a plan take something away? usage: infra/plan-guard.sh WHAT-IF.json [true to go on all the same]
# A deployment of templates deletes no resources, but it does delete properties: rules, locks on networks, settings. Reads what
# "az deployment sub what-if --no-pretty-print" wrote; lists every deletion and ends with 1 if there is one.
set -euo pipefail
plan=${1:?usage: infra/plan-guard.sh WHAT-IF.json [true]}

[ "$(jq --raw-output .status "$plan")" = Succeeded ] || { echo "There is no plan: $(jq --compact-output '.error // .status' "$plan")"; exit 1; }

deletions=$(jq --raw-output '
  def deleted($at): .[]? | (if $at == "" then .path else "\($at).\(.path)" end) as $path
    | if .propertyChangeType == "Delete" then $path else (.children // [] | deleted($path)) end;
  .changes[] | .resourceId as $id
    | if .changeType == "Delete" then $id else (.delta // [] | deleted("") | "\($id) \(.)") end' "$plan")

if [ -z "$deletions" ]; then echo "The plan deletes nothing."; exit 0; fi
printf 'The plan deletes:\n%s\n' "$deletions"
if [ "${2:-false}" = true ]; then echo "Accepted for this run."; exit 0; fi
echo "If that is meant, run Deliver again with accept-deletions."
exit 1
