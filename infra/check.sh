#!/usr/bin/env bash
# Checks the templates without a subscription: they build and lint without a warning, are formatted, and compile to the snapshots checked in.
# "infra/check.sh --update" writes format and snapshots instead of checking them. Needs the .NET SDK; restores the Bicep tool itself.
set -uo pipefail
cd "$(dirname "$0")"

mode=validate
[ "${1:-}" != "--update" ] || mode=overwrite

project=../tests/Infra.Tests/Infra.Tests.csproj
dotnet restore "$project" --verbosity quiet || exit 1
bicep=$(dotnet msbuild "$project" -getProperty:BicepPath)
[ -x "$bicep" ] || chmod +x "$bicep" || exit 1

# What azd would give to main.bicepparam: it has no values of its own for what a person must say.
export AZURE_ENV_NAME=check AZURE_LOCATION=westeurope ALERT_EMAIL=check@example.com BUDGET_START=2026-12-01

failed=0
fail() { failed=1; printf 'infra: %s\n' "$1"; }

# Snapshots name no real subscription: names are computed from these.
snapshot() {
  "$bicep" snapshot "$1" --mode "$mode" --tenant-id 00000000-0000-0000-0000-000000000002 \
    --subscription-id 00000000-0000-0000-0000-000000000001 --location westeurope --deployment-name main
}

for file in $(git ls-files -co --exclude-standard '*.bicep' '*.bicepparam' | sort); do
  if [ "$mode" = overwrite ]; then "$bicep" format "$file" || fail "$file cannot be formatted"
  else diff -u "$file" <("$bicep" format "$file" --stdout) || fail "$file is not formatted"; fi
  # A wrong property name is only a warning to the compiler, so anything it says is an error here.
  case $file in
    *.bicepparam) said=$("$bicep" build-params "$file" --stdout 2>&1 >/dev/null) || true ;;
    *) said=$("$bicep" build "$file" --stdout 2>&1 >/dev/null) || true ;;
  esac
  [ -z "$said" ] || { printf '%s\n' "$said"; fail "$file does not build cleanly"; }
done

for file in environments/*/main.bicepparam; do
  snapshot "$file" || fail "$file compiles to something else than its snapshot: look at the difference, then run infra/check.sh --update"
done

[ "$failed" -eq 0 ] && echo "infra: templates build, lint, format and snapshots are as they should be"
exit "$failed"
