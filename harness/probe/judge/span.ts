// Where a record ends in the content. Pure.

export interface Span {
  /** Bytes of content up to and including the record's end. */
  endsAt: number;
  /** `heartbeat`: it only keeps the connection open. */
  kind: "data" | "heartbeat";
  text: string;
}
