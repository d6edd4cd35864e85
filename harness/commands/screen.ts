// What a command may use to speak: only `cli.ts` prints.
import type { Look } from "../report/look.ts";

export interface Stream extends Look {
  write: (text: string) => void;
  /** Somebody looks at it: lines may be written over. */
  terminal: boolean;
}

export interface Screen {
  out: Stream;
  err: Stream;
  /** Set off by Ctrl-C and SIGTERM. */
  signal: AbortSignal;
  version: string;
}
