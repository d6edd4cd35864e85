// Where trials were refused or delayed because others ran concurrently, or a line limits streams: measures how many streams of one address a
// fresh server serves.
import { crowdCheck } from "./checks.ts";
import type { Check, Task } from "./checks.ts";
import type { ObservedCheck } from "./observed.ts";
import type { Route, Symptom } from "./configuration.ts";
import { browserStreams, crowdIn, crowdSentence, firstOf, firstRefusedOf } from "../model/crowd.ts";
import type { Crowd } from "../model/crowd.ts";
import type { Result } from "../session/attempt.ts";
import type { Fault } from "./search.ts";
import type { CheckedConfig } from "./server.ts";
import { ranIn } from "./tried.ts";
import type { Trying } from "./tried.ts";

/** A browser's streams first. Only where all of these pass although trials were refused, more. */
const counts = [browserStreams, 24];

/** Whatever it is that a server does to one of them. */
const anyLimit: Symptom = {
  during: "crowd",
  nth: 1,
  refusedNth: null,
  status: null,
  delayMs: 0,
  acceptEncoding: null,
  cacheControl: null,
  contentType: "",
};

export interface CrowdOptions {
  config: Pick<CheckedConfig, "routes" | "suspects">;
  /** By route: what was run on it. */
  observedOn: ReadonlyMap<string, readonly ObservedCheck[]>;
  taskOf: (route: Route) => Task;
  hop: string;
  trying: Trying;
}

export interface CrowdFault extends Fault {
  /** The measured part of the evidence. */
  measured: string;
}

export const crowdFaults = async ({ config, observedOn, taskOf, hop, trying }: CrowdOptions): Promise<CrowdFault[]> => {
  const faults: CrowdFault[] = [];
  const isCrowded = ({ id }: Route): boolean => observedOn.get(id)?.some(({ crowded }) => crowded) ?? false;
  // Which trials fall together depends on the machine: a line that limits them is measured whether one was refused or not.
  let open = config.routes.filter((route) => isCrowded(route) || config.suspects(route, anyLimit).length > 0);
  for (const count of counts) {
    if (open.length === 0) break;
    const checkOf = (route: Route): Check => crowdCheck(taskOf(route).checks, count);
    // oxlint-disable-next-line no-await-in-loop
    const tried = await trying(
      open.map((route) => ({
        edits: [],
        faults: [{ route, check: checkOf(route) }],
        about: [{ experiment: "streams", route: route.id, what: checkOf(route).title, at: null }],
      })),
    );
    const next: Route[] = [];
    for (const [index, route] of open.entries()) {
      const result = ranIn(tried[index])?.[0]?.result;
      const crowd = result ? crowdOf(route, result) : null;
      if (!result || !crowd) continue;
      if (crowd.served === crowd.count) next.push(...(isCrowded(route) ? [route] : []));
      else if (firstOf(crowd) !== null)
        faults.push(faultOf(route, checkOf(route), crowd, result, { hop, observed: observedOn.get(route.id) ?? [] }));
    }
    open = next;
  }
  return faults;
};

const crowdOf = ({ upstreams }: Route, { trace }: Result): Crowd | null => trace && crowdIn(trace, upstreams);

interface Around {
  hop: string;
  observed: readonly ObservedCheck[];
}

const faultOf = (route: Route, check: Check, crowd: Crowd, result: Result, { hop, observed }: Around): CrowdFault => {
  const nth = firstOf(crowd) ?? 1;
  const alone = observed.flatMap(({ check: { id }, crowded }) => (crowded && crowded.alone === null ? [id] : []));
  const sees = (other: Result): string => {
    const now = crowdOf(route, other);
    return now ? crowdSentence(hop, now) : other.report.why;
  };
  return {
    route,
    check,
    rule: "refused",
    symptom: {
      during: "crowd",
      nth,
      refusedNth: firstRefusedOf(crowd),
      status: crowd.status,
      delayMs: crowd.delaysMs.at(-1) ?? 0,
      acceptEncoding: null,
      cacheControl: null,
      contentType: "",
    },
    report: result.report,
    measured: crowdSentence(hop, crowd),
    evidence: `${crowdSentence(hop, crowd)}${alone.length > 0 ? `; alone, these trials were neither refused nor delayed: ${alone.join(", ")}` : ""}`,
    facet: null,
    wrong: { rule: "refused", nth },
    sees,
    isGone: (other) => {
      const now = crowdOf(route, other);
      return now !== null && now.served === now.count;
    },
  };
};
