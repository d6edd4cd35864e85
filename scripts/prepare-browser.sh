#!/usr/bin/env bash
# Installs the browser in which the tests open reports: Debian's Chromium, with fonts. Needs root to install it; an existing one is kept.
set -euo pipefail
if command -v chromium >/dev/null 2>&1; then exit 0; fi
fail() { printf 'prepare-browser: %s\n' "$*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || fail "there is no Chromium: run this as root"
command -v apt-get >/dev/null 2>&1 || fail "there is no Chromium, and this is no Debian: install it your system's way"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
