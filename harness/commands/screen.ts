// The output streams of a command: only `cli.ts` prints.
import type { Look } from "../report/look.ts";

export interface Stream extends Look {
  write: (text: string) => void;
  /** A terminal, on which lines may be overwritten. */
  terminal: boolean;
}

export interface Screen {
  out: Stream;
  err: Stream;
  /** Aborted by Ctrl-C and SIGTERM. */
  signal: AbortSignal;
  version: string;
}
