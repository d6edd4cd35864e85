// What nginx does with a stream over HTTP/3: written down before it was first asked.

export interface Http3Answer {
  /** Which records the client had before the next one was written. */
  seen: number;
  of?: number;
  status?: string;
  /** How its stream ended: with FIN, or by RESET_STREAM. */
  how?: "ended" | "reset";
  /** What became of the connection to the origin when the client left with STOP_SENDING. */
  upstream?: "closed" | "kept";
}

export const expected: Record<string, Http3Answer> = {
  unbuffered: { status: "200", seen: 8, of: 8, how: "ended" },
  buffered: { status: "200", seen: 0, of: 3, how: "ended" },
  gzip: { status: "200", seen: 0, of: 3, how: "ended" },
  cut: { status: "200", seen: 3, of: 3, how: "reset" },
  leave: { seen: 3, upstream: "closed" },
};
