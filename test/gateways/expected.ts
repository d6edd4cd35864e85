// What the same nginx does in front of a real application server and of the lab's relay. All of it was expected before it was first asked, but two:
// - What a reset leaves of a buffered response. nginx passes on what its last buffer has where the connection ends, and drops it where reading
//   fails (https://github.com/nginx/nginx/blob/master/src/event/ngx_event_pipe.c, ngx_event_pipe_read_upstream).
// - A process of PHP-FPM that is killed resets its connection: it had 8 bytes unread, the empty record that ends the request's content (FastCGI 1.0 §5.3),
//   and Linux resets a connection that is closed with unread bytes (RFC 2525 §2.17).

/** The same from both, whatever the protocol. */
const both = {
  "buffered: records of 100 B": "0 of 8 on time, complete",
  "buffered: HEAD": "200, complete",
  "unbuffered: records of 100 B": "8 of 8 on time, complete",
  "unbuffered: records of 5000 B": "8 of 8 on time, complete",
  "unbuffered: less than its Content-Length": "4 records, cut",
  "unbuffered: the client leaves": "noticed",
  "unbuffered: HEAD": "200, complete",
};

const failing = {
  "buffered: the application fails": "4 records, complete",
  "buffered: less than its Content-Length": "4 records, cut",
  "unbuffered: the application fails": "4 records, complete",
};

/** The end of a connection is the end of the response, where it has no Content-Length. */
const killedInOrder = {
  "buffered: its process is killed": "4 records, complete",
  "unbuffered: its process is killed": "4 records, complete",
};

const killedByReset = {
  "buffered: its process is killed": "0 records, cut",
  "unbuffered: its process is killed": "4 records, cut",
};

/** The lab resets the connection of whatever breaks off, since only that shows what nginx makes of a cut (docs/check.md). */
const scripted = {
  ...both,
  ...killedByReset,
  "buffered: the application fails": "0 records, cut",
  "buffered: less than its Content-Length": "0 records, cut",
  "unbuffered: the application fails": "4 records, cut",
};

export const expected = {
  uwsgi: { real: { ...both, ...failing, ...killedInOrder }, scripted },
  fastcgi: { real: { ...both, ...failing, ...killedByReset }, scripted },
};

/** Of these only that both are the same: how much fits into nginx's buffers. */
export const alike = "buffered: records of 5000 B";
