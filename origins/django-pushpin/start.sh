# $1: the folder
set -e
cd "$1"
# Free ports: the application's, that of Pushpin's control server, and one to see whether Pushpin is ready.
set -- "$1" $(python3 -c 'import socket
free = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
print(*[one.getsockname()[1] for one in free])')
sed -i "s/APPLICATION/$2/; s/PROBE/$4/" routes
sed -i "s/CONTROL/$3/" pushpin.conf
export CONTROL="http://127.0.0.1:$3/publish/" PROBE="$4"
python3 -m gunicorn --bind "127.0.0.1:$2" --workers 1 --worker-class sync app:wsgi &
until python3 -c "import socket; socket.create_connection(('127.0.0.1', $2))" 2> /dev/null; do sleep 0.05; done
exec sh pushpin.sh "$1"
