// What authors write of platforms that Hopwise cannot start: what their pages say.
import type { DocumentedLimit } from "./limit.ts";

/** A platform or gateway in front of a chain. Everything here is documented by others, and nothing is measured. */
export interface PlatformDefinition {
  title: string;
  /** The pages that were read; https. */
  pages: [first: string, ...others: string[]];
  /** When they were read, as exactly as is known: `2026-07-23`, `2026-08` or `2026`; null: not recorded. */
  read: string | null;
  limits: DocumentedLimit[];
  /** Buffering, caching and other things that matter for streams, one sentence each. */
  remarks?: string[];
}
