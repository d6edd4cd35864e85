# $1: the folder
set -e
cd "$1"
# Two free ports: the application's, and that of Pushpin's control server.
set -- "$1" $(python3 -c 'import socket
free = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
print(*[one.getsockname()[1] for one in free])')
sed -i "s/APPLICATION/$2/" routes
sed -i "s/CONTROL/$3/" pushpin.conf
export CONTROL="http://127.0.0.1:$3/publish/"
python3 -m gunicorn --bind "127.0.0.1:$2" --workers 1 --worker-class sync app:wsgi &
until python3 -c "import socket; socket.create_connection(('127.0.0.1', $2))" 2> /dev/null; do sleep 0.05; done
exec sh pushpin.sh "$1"
