// A case, for the origin and for what stands in its place.
import type { OriginRecording } from "../model/recording.ts";
import type { Script } from "../model/script.ts";
import type { Ongoing } from "./origin-exchange.ts";
import type { Tally } from "./wait.ts";

export interface OriginCase {
  script: Script;
  /** Paths that are answered with an empty 200. */
  subrequests: readonly string[];
  /** The complete records of a client. */
  held: (client: number) => Tally;
  began: (exchange: Ongoing) => void;
  /** An unreadable request that names the case. */
  misread: (recording: OriginRecording) => void;
}
