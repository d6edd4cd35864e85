// The user's own application in the origin's place (`--app`): it is told nothing and its body is not known beforehand, so that what can be
// judged is how the bytes that it sends come through the hops.
import type { Must, Scenario } from "./define.ts";
import type { Address } from "./lab/protocol.ts";
import type { Arm, ClientPlan } from "./model/script.ts";
import { atPoint, pointsOf } from "./model/sweep.ts";
import type { Point } from "./model/sweep.ts";
import type { FacetName, Verdict } from "./model/verdict.ts";
import { AuthorError } from "./runtime/runtime.ts";

export interface Application {
  url: string;
  address: Address;
  /** Path and query, sent as they are. */
  target: string;
  /** The Host header. */
  host: string;
  /** A stream that does not end is watched for so long. */
  watchMs: number;
}

export const applicationOf = (text: string, watchMs: number): Application => {
  const refuse = (why: string): AuthorError =>
    new AuthorError(`--app ${text} ${why}; it is the address of a stream of your own, e.g. --app http://localhost:3000/events`);
  const url = URL.parse(text);
  if (!url) throw refuse("is no URL");
  if (url.protocol === "https:") throw refuse("is encrypted, so that nothing could be seen of its bytes: give the address behind the TLS");
  if (url.protocol !== "http:") throw refuse("is no http:// URL");
  if (url.username !== "" || url.password !== "") throw refuse("holds a password, which is not sent");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return { url: url.href, address: { host, port: Number(url.port || 80) }, target: url.pathname + url.search, host: url.host, watchMs };
};

const watched = new Set<string>(["lock-step", "paced", "size-sweep", "header-hold"]);

/** Why this scenario can say nothing of an application that is not told what to do; null where it can. */
export const cannotTest = ({ trial }: Scenario): string | null =>
  watched.has(trial.kind) || trial.kind === "client-leaving"
    ? null
    : `A ${trial.kind} trial tells the origin what to do and when, and your own application is not told: leave --app out, or run it with scenarios that only look on (${[...watched, "client-leaving"].join(", ")})`;

/** What the report calls the trial: nothing is paced or awaited. */
export const trialWord = ({ trial }: Scenario): string => (watched.has(trial.kind) ? "watch" : trial.kind);

/** How long the upstream of a client that has left is looked at. */
const noticeMs = 1500;

export const applicationArms = (scenario: Scenario, application: Application): { arms: Arm[]; lingerMs: number } => {
  const leaves = scenario.trial.kind === "client-leaving";
  const points = pointsOf(scenario.request ?? {}, {}, { kind: "paced" });
  const arms = points.flatMap((point) =>
    (leaves ? (["fin", "reset"] as const) : [null]).map((how) => atPoint(armAt(point, application, how), point)),
  );
  return { arms, lingerMs: leaves ? noticeMs : 0 };
};

const armAt = ({ request }: Point, { host, target, watchMs }: Application, how: "fin" | "reset" | null): Arm => {
  const client: ClientPlan = {
    start: { afterMs: 0 },
    target,
    host,
    isNamedInTarget: false,
    tls: request.tls ?? null,
    version: request.version ?? "1.1",
    method: request.method ?? "GET",
    acceptEncoding: request.acceptEncoding ?? null,
    headers: request.headers ?? [],
    readBytesPerSecond: null,
    // The first byte that comes is the only record that the client knows of.
    leave: how && { how, records: 1, afterMs: 200 },
    patienceMs: watchMs,
  };
  return {
    id: how === null ? "watch" : `leave-${how}`,
    point: {},
    title:
      how === null
        ? `what your application sends in ${watchMs / 1000} s, unless it ends before`
        : `the client leaves by ${how === "fin" ? "FIN" : "RST"} 200 ms after the first byte`,
    script: {
      status: 200,
      headers: [],
      contentType: null,
      framing: "chunked",
      version: "1.1",
      body: { format: "binary", filler: "compressible", recordBytes: [1] },
      trailers: [],
      steps: [],
    },
    clients: [client],
  };
};

const facetOf = {
  deliver: "delivery",
  headers: "headers",
  end: "ending",
  source: "source",
  integrity: "integrity",
  noticeDisconnectWithinMs: "disconnect",
  surviveSilenceMs: "ending",
} as const satisfies Record<keyof Must, FacetName>;

/** A standard trial asks for no more than the application gave occasion to: one that never ends cannot be seen to end. */
export const askedOf = (scenario: Scenario, verdict: Verdict): Scenario => {
  if (!("must" in scenario)) return scenario;
  const occasions = new Set<FacetName>(verdict.facets.map(({ facet }) => facet));
  const kept = (Object.keys(scenario.must) as (keyof Must)[]).filter((key, index) => index === 0 || occasions.has(facetOf[key]));
  return { ...scenario, must: Object.fromEntries(kept.map((key) => [key, scenario.must[key]])) };
};
