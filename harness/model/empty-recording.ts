// What is recorded of a request before anything of it is known.
import type { OriginRecording } from "./recording.ts";

export const emptyRecording = (nonce: string, startedAt: number, connection: number): OriginRecording => ({
  nonce,
  request: null,
  connection,
  startedAt,
  requestVersion: "",
  method: "",
  target: "",
  requestHeaders: [],
  headersAt: null,
  writes: [],
  endedAt: null,
  aborted: null,
  unacknowledged: null,
  gone: null,
  bytesWritten: 0,
  bytesTaken: 0,
  problem: null,
});
