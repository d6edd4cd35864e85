#!/usr/bin/env bash
# Puts older versions of Node where chains find them (`http-proxy@node20`). What is there already is left as it is.
set -euo pipefail
cd "$(dirname "$0")/.."
for major in "${@:-20 22}"; do
  for one in $major; do
    [ -x "out/node/$one/node_modules/node/bin/node" ] || npm install --no-save --no-audit --no-fund --loglevel=error --prefix "out/node/$one" "node@$one"
  done
done
