// What authors write of scenarios.
import type { Milliseconds, Text } from "../model/figures.ts";
import type { Trial } from "../trials/index.ts";
import type { RequestPlan, ResponsePlan, Several, SweptAxis } from "./request.ts";

/** A hop of a chain: `"nginx"`, `"nginx:gzip"`, or with middlewares, named in the direction of the bytes. */
export type HopPlan = Text | { server: Text; middlewares?: Text[]; id?: Text };

/** A requirement: what has to hold. Facets that are not named are not required. */
export interface Must {
  /** Each record arrives by itself, without waiting for a later one. */
  deliver?: "incrementally";
  /** The header section arrives before there is a body. */
  headers?: "promptly";
  /** complete: every record, and complete framing. visibly: a cut must be visible to the client. */
  end?: "complete" | "visibly";
  /** The body is the one that the application made for this request: not cached, not shared. */
  source?: "origin";
  /** Every byte is the application's, in its place. */
  integrity?: "intact";
  /** Milliseconds until the application's connection must be gone after the client left. */
  noticeDisconnectWithinMs?: Milliseconds;
  /** Milliseconds of silence that must not end the stream. */
  surviveSilenceMs?: Milliseconds;
  /** What a hop needs of memory does not grow with the body. */
  memory?: "bounded";
}

/** A characterization: what is known to happen. Needs a link in `because`. */
export interface Does {
  deliver?: "incremental" | "lagging" | "batched" | "buffered" | "delayed" | "throttled";
  headers?: "prompt" | "held";
  end?: "complete" | "truncated-visibly" | "truncated-silently" | "error-response" | "no-response" | "malformed" | "hung";
  cause?: "origin-abort" | "first-byte-timeout" | "idle-timeout" | "total-timeout" | "write-timeout" | "queued" | "reload";
  source?: "origin" | "cached" | "collapsed" | "revalidated" | "stale" | "retried";
  integrity?: "intact" | "altered";
  disconnect?: "propagated" | "propagated-on-next-write" | "propagated-late" | "not-propagated";
  memory?: "bounded" | "grows";
  /** The id of a hop, `origin` or `client`. */
  culprit?: Text;
}

/** By axis: some of its values, as words; `none` for null. */
export type When = Partial<Record<SweptAxis, Several<string>>>;

/** What a file says: of the two kinds of scenarios this has the fields of both. */
export interface ScenarioFile {
  /** A sentence that states an observation. */
  title: Text;
  /**
   * In the direction of the bytes: the application, then the hops up to the client. A hop is a server (`nginx`), a variant of it
   * (`nginx:unbuffered`), or a server with middlewares. `npx hopwise list` lists them. A real application has versions and variants as a
   * server has, `{ app: "django@4.2:gunicorn" }`, and may stand alone.
   *
   * @minItems 1
   */
  chain: [origin: { app: Text }, ...hops: HopPlan[]];
  /** What the client asks for. A list in place of a value is a sweep: the trial runs with each. */
  request?: RequestPlan;
  /** What the application answers, where it is to differ from what its file in origins/ says. */
  response?: ResponsePlan;
  /** The stimulus, and what is measured with it. */
  trial: Trial;
  /**
   * Runs the clocks of all servers of the chain so many times faster, so that a limit of minutes is measured in seconds; then the times
   * of the trial and of what must hold are the servers' own. For silence and first-byte-wait, in containers.
   *
   * @asType integer
   * @minimum 1
   * @maximum 100
   */
  // From there on a millisecond of the server's timer is a tenth of a second of its own clock.
  timeScale?: number;
  /** Runs with --showcase: needs nothing but Node. */
  showcase?: boolean;
  must?: Must;
  does?: Does;
  /**
   * A link to who reported or documented it.
   *
   * @pattern ^https?://
   */
  because?: string;
  /** The id of the scenario with the smallest change that fixes it. */
  fixedBy?: Text;
  /** In a sweep: it does so with each of these values, and with no other. */
  when?: When;
}

type Common = Omit<ScenarioFile, "must" | "does" | "because" | "fixedBy" | "when">;

export type Requirement = Common & Required<Pick<ScenarioFile, "must">>;

export type Characterization = Common & Required<Pick<ScenarioFile, "does" | "because">> & Pick<ScenarioFile, "fixedBy" | "when">;

export type Scenario = Requirement | Characterization;
