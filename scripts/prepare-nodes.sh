#!/usr/bin/env bash
# Installs older versions of Node for chains (`http-proxy@node20`). Existing ones are kept.
set -euo pipefail
cd "$(dirname "$0")/.."
for major in "${@:-20 22}"; do
  for one in $major; do
    [ -x "out/node/$one/node_modules/node/bin/node" ] || npm install --no-save --no-audit --no-fund --loglevel=error --prefix "out/node/$one" "node@$one"
  done
done
