#!/usr/bin/env bash
# Prepares a Debian machine for `--runtime container`: an engine, base images, and an image for every server of the catalog. Existing
# parts are kept, so that it can run at any time. Run it again after a restart of the machine.
#
#   scripts/prepare-engine.sh [release …]       default: bullseye bookworm trixie forky
#
# Needs root to install what is missing: packages, dockerd, base images.
#   HOPWISE_APPLICATIONS=1  also builds the images of real applications, which take some minutes
#   HOPWISE_PULL=1      pulls the base images; those that cannot be pulled are built
#   HOPWISE_MIRROR=URL  the mirror for them; default: the one that this machine's own apt uses
set -euo pipefail

releases=("$@")
[ $# -gt 0 ] || releases=(bullseye bookworm trixie forky)
root=$(cd "$(dirname "$0")/.." && pwd)

say() { printf '%s\n' "$*" >&2; }
fail() { say "prepare-engine: $*"; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }
answers() { docker version >/dev/null 2>&1; }
has_image() { docker image inspect "$1" >/dev/null 2>&1; }

updated=
update() {
  [ -z "$updated" ] || return 0
  say "updating the package lists"
  apt-get update -qq
  updated=1
}

install() {
  [ "$(id -u)" = 0 ] || fail "packages are missing ($*): run this as root"
  has apt-get || fail "packages are missing ($*), and this is no Debian: install them your system's way"
  update
  say "installing $*"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

start_engine() {
  local packages=()
  has dockerd || packages+=(docker.io)
  has iptables || packages+=(iptables)
  if ! has docker; then
    update
    # Trixie and later have the client in a separate package.
    if apt-cache show docker-cli >/dev/null 2>&1; then packages+=(docker-cli); else packages+=(docker.io); fi
  fi
  [ ${#packages[@]} = 0 ] || install "${packages[@]}"
  # An installed service may have started it.
  if answers; then return; fi
  [ "$(id -u)" = 0 ] || fail "no engine answers: start one, or run this as root"
  local log pid
  log=$(mktemp -t dockerd-XXXXXX.log)
  say "starting dockerd (log: $log)"
  setsid nohup dockerd >"$log" 2>&1 </dev/null &
  pid=$!
  for _ in $(seq 150); do
    if answers; then return; fi
    kill -0 "$pid" 2>/dev/null || fail "dockerd ended: $(tail -n 3 "$log")"
    sleep 0.2
  done
  fail "dockerd did not answer within 30 s: $(tail -n 3 "$log")"
}

mirror_of_host() {
  apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null | awk '$1 == "Debian" { print $2; exit }'
}

make_base() {
  local release=$1 image=debian:$1-slim mirror folder
  if has_image "$image"; then
    say "$image is there"
    return
  fi
  if [ "${HOPWISE_PULL:-}" = 1 ] && docker pull "$image"; then return; fi
  [ "$(id -u)" = 0 ] || fail "$image is missing: run this as root, or with HOPWISE_PULL=1"
  has mmdebstrap || install mmdebstrap
  mirror=${HOPWISE_MIRROR:-$(mirror_of_host)}
  if [ -z "$mirror" ]; then
    update
    mirror=$(mirror_of_host)
  fi
  [ -n "$mirror" ] || fail "this machine's apt has no mirror of Debian: name one in HOPWISE_MIRROR"
  say "making $image"
  folder=$(mktemp -d -t hopwise-base-XXXXXX)
  # A failed mmdebstrap leaves an empty archive, which docker would import without an error: its exit status ends this script.
  # Releases that are not out yet may carry a Release file that counts as expired.
  if ! mmdebstrap --quiet --variant=minbase \
    --aptopt='Acquire::Check-Valid-Until "false"' \
    --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    "$release" "$folder/base.tar" "$mirror" 2>"$folder/log"; then
    tail -n 5 "$folder/log" >&2
    rm -r "$folder"
    fail "mmdebstrap could not make $release"
  fi
  docker import --change 'CMD ["bash"]' "$folder/base.tar" "$image" >/dev/null
  rm -r "$folder"
}

has docker && answers || start_engine
for release in "${releases[@]}"; do make_base "$release"; done

# The images need npm's packages; if those are missing, the first run builds the images.
node=$root/node_modules/.bin/node
if [ -x "$node" ]; then "$node" "$root/scripts/build-images.ts" ${HOPWISE_APPLICATIONS:+--applications}; else say "images are built by the first run, or by this again after npm ci"; fi
