# $1: the folder · the rest: what serves Django on $1/app.sock
set -e
cd "$1"
shift
"$@" &
until [ -S app.sock ]; do sleep 0.05; done
chmod 0666 app.sock
exec nginx -p "$PWD" -c "$PWD/nginx.conf" -g "daemon off;"
