# $1: the folder · $2: the port to listen on. Pushpin has the settings that it comes with.
set -e
cd "$1"
python3 -m gunicorn --bind 127.0.0.1:8001 --workers 1 --worker-class sync app:wsgi &
mkdir -p /var/run/pushpin /var/run/zurl
# The HTTP client of Pushpin 1.36, which Debian starts as a service.
command -v zurl > /dev/null && zurl --config=/etc/zurl.conf &
exec pushpin --merge-output --port="$2" --route="* 127.0.0.1:8001"
