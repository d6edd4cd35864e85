// What nginx does with a stream over HTTP/3. Before it was first asked, two answers were expected otherwise: that "buffered" holds the records
// (it does from an HTTP/1.0 upstream), and that a client's leaving is noticed at once, as it is over HTTP/2.

interface Streamed {
  status: string;
  /** How many records the client had before the next one was written. */
  seen: number;
  of: number;
  /** How its stream ended: with FIN, or by RESET_STREAM. */
  how: "ended" | "reset";
}

interface Left {
  /** When nginx closed its connection to the origin. */
  noticed: "at once" | "on the next write" | "on the write after that" | "not at all";
}

export type Http3Answer = Streamed | Left;

export const expected: Record<string, Http3Answer> = {
  unbuffered: { status: "200", seen: 8, of: 8, how: "ended" },
  buffered: { status: "200", seen: 3, of: 3, how: "ended" },
  gzip: { status: "200", seen: 0, of: 3, how: "ended" },
  cut: { status: "200", seen: 3, of: 3, how: "reset" },
  // STOP_SENDING (RFC 9114 section 4.1.1).
  leave: { noticed: "on the next write" },
  // CONNECTION_CLOSE.
  close: { noticed: "at once" },
};
