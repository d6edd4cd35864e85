// What a WebSocket of Django Channels under Daphne does, alone and behind nginx and http-proxy. All of it was expected before it was first asked.
// One question was another: whether Daphne's --ping-interval 1 keeps nginx from cutting after 2 s. That is a race, since Daphne looks only every
// two seconds whether a ping is due (https://github.com/django/daphne/blob/main/daphne/server.py, timeout_checker).

export const expected: Record<string, Record<string, string>> = {
  Daphne: {
    "the upgrade": "101",
    "an echo of each message": "8 of 8 before the next was sent",
    "a group's messages, and a stream beside it": "8 of 8 by WebSocket, 8 of 8 by the stream",
    "a message of 1 MB": "comes back whole",
    "the client closes: the application notices": "1000 at once",
    "the client is gone without a close frame: the application notices": "1006 at once",
    "the application closes with 4001: the client sees": "4001",
    "the application fails: the client sees": "1011",
    "the application's process is killed: the client sees": "1006 at once",
  },
  nginx: {
    "the upgrade": "101",
    "the upgrade without proxy_set_header Upgrade and Connection": "404",
    "an echo of each message": "8 of 8 before the next was sent",
    "a group's messages, and a stream beside it": "8 of 8 by WebSocket, 8 of 8 by the stream",
    "a message of 1 MB": "comes back whole",
    "the client closes: the application notices": "1000 at once",
    "the client is gone without a close frame: the application notices": "1006 at once",
    "the application closes with 4001: the client sees": "4001",
    "the application fails: the client sees": "1011",
    "silence, with proxy_read_timeout 2s": "is cut after 2 s: 1006 at the client, 1006 at the application",
    "silence of 8 s, with proxy_read_timeout 5s and Daphne's --ping-interval 1": "survives",
    "silence, with the client's ping each half second": "survives",
    "messages of the client only, each half second": "survive",
    "a reload": "goes on",
    "a reload, with worker_shutdown_timeout 1s": "is cut after 1 s: 1006 at the client, 1006 at the application",
    "the application's process is killed: the client sees": "1006 at once",
  },
  "http-proxy": {
    "the upgrade": "101",
    "an echo of each message": "8 of 8 before the next was sent",
    "a group's messages, and a stream beside it": "8 of 8 by WebSocket, 8 of 8 by the stream",
    "a message of 1 MB": "comes back whole",
    "the client closes: the application notices": "1000 at once",
    "the client is gone without a close frame: the application notices": "1006 at once",
    "the application closes with 4001: the client sees": "4001",
    "the application fails: the client sees": "1011",
    "silence of 5 s, with proxyTimeout and timeout 2s": "survives",
    "the application's process is killed: the client sees": "1006 at once",
  },
};
