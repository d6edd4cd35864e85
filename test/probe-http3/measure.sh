#!/bin/sh
# Runs in a container without a network: hopwise origin, nginx or Caddy with HTTP/3 in front of it, and hopwise probe with the container's curl.
# The first argument is the server; the others are of hopwise probe. Its report is the last line but one, and its exit code the last one.
set -u
server=$1
shift
hopwise() { /repository/node_modules/.bin/node /repository/bin/hopwise.cjs "$@"; }
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -days 2 -keyout /tmp/key.pem -out /tmp/cert.pem 2>/dev/null
hopwise origin --port 8000 >/dev/null &
export HOME=/tmp XDG_CONFIG_HOME=/tmp XDG_DATA_HOME=/tmp
case $server in
  nginx) nginx -c /repository/test/probe-http3/nginx.conf & ;;
  nginx-without)
    grep -v quic /repository/test/probe-http3/nginx.conf >/tmp/nginx.conf
    nginx -c /tmp/nginx.conf &
    ;;
  caddy) caddy run --config /repository/test/probe-http3/Caddyfile --adapter caddyfile 2>/dev/null & ;;
esac
for _ in $(seq 100); do
  curl --insecure --silent --output /dev/null --max-time 2 'https://localhost:8443/events?every=1&count=1' && break
  sleep 0.1
done
/repository/node_modules/.bin/node /repository/test/probe-http3/far-away.ts &
hopwise probe "$@" --json
echo $?
