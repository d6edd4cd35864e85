// What servers do with a stream over HTTP/3. Before nginx was first asked, two answers were expected otherwise: that "buffered" holds the records
// (it does from an HTTP/1.0 upstream), and that a client's leaving is noticed at once, as it is over HTTP/2. Caddy's were expected as over HTTP/2.

interface Streamed {
  status: string;
  /** How many records the client had, decoded, before the next one was written. */
  seen: number;
  of: number;
  /** How its stream ended: with FIN, or by RESET_STREAM. */
  how: "ended" | "reset";
}

interface Left {
  /** When the server closed its connection to the origin. */
  noticed: "at once" | "on the next write" | "on the write after that" | "not at all";
}

export type Http3Answer = Streamed | Left;

const whole = (seen: number, of = seen): Streamed => ({ status: "200", seen, of, how: "ended" });

const nginx: Record<string, Http3Answer> = {
  unbuffered: whole(8),
  buffered: whole(3),
  // Flushed with each record, since the location is unbuffered.
  gzip: whole(3),
  cut: { ...whole(3), how: "reset" },
  // STOP_SENDING (RFC 9114 section 4.1.1).
  leave: { noticed: "on the next write" },
  // CONNECTION_CLOSE.
  close: { noticed: "at once" },
};

/** Caddy knows no difference between the first two. */
const caddy211: Record<string, Http3Answer> = {
  unbuffered: whole(8),
  buffered: whole(3),
  gzip: whole(3),
  cut: { ...whole(3), how: "reset" },
  leave: { noticed: "at once" },
  close: { noticed: "at once" },
};

export const expected: Record<string, Record<string, Http3Answer>> = {
  "nginx/1.26": nginx,
  "nginx/1.30": nginx,
  // It compresses without a flush, and ends what its upstream has cut as if it were whole.
  "caddy/2.6": { ...caddy211, gzip: whole(0, 3), cut: whole(3) },
  "caddy/2.11": caddy211,
};
