# $1: the folder · $2: redis, memcached, or anything else for none · the rest: what serves Django
set -e
cd "$1"
socket="$1/cache.sock"
cache=$2
shift 2
case "$cache" in
  redis) redis-server --port 0 --unixsocket "$socket" --save "" --dir "$PWD" & ;;
  memcached) memcached -u root -s "$socket" -m 64 & ;;
  *) exec "$@" ;;
esac
until [ -S "$socket" ]; do sleep 0.05; done
exec "$@"
