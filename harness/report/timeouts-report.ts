// What `hopwise timeouts` reports (schema hopwise.timeouts/1). Nothing was run.
import type { Heartbeat } from "../model/strictest.ts";
import type { HopLimits, TimeLimit } from "../model/time-limit.ts";
import type { Limit } from "../model/verdict.ts";

/** A chain, from the origin to the client, with all routes of its configuration that have the same timeouts. */
export interface ChainTimeouts {
  /** Routes of the configuration; empty: the chain has none. */
  routes: string[];
  hops: HopLimits[];
  /** Of each kind the strictest; several if they are equal, and none if no hop has a known one. */
  strictest: Record<Limit, TimeLimit[]>;
  heartbeat: Heartbeat;
  /** Timeouts whose value cannot be read: the strictest may be one of them. */
  unknown: TimeLimit[];
}

export interface TimeoutsReport {
  schema: "hopwise.timeouts/1";
  tool: { name: "hopwise"; version: string };
  /** As on the command line. */
  given: string | null;
  platforms: string[];
  /** @minItems 1 */
  chains: ChainTimeouts[];
}
