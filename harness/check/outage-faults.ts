// Where an upstream has several servers: how many failed requests make the server answer all others by itself. Each upstream is tried once.
import { outageIn, outageSentence } from "../model/outage.ts";
import type { Check, Task } from "./checks.ts";
import type { Route, Symptom } from "./configuration.ts";
import type { Fault } from "./search.ts";
import type { CheckedConfig } from "./server.ts";
import { ranIn } from "./tried.ts";
import type { Trying } from "./tried.ts";

const symptom: Symptom = { during: "outage", acceptEncoding: null, cacheControl: null, contentType: "" };

export interface OutageOptions {
  config: Pick<CheckedConfig, "routes" | "suspects">;
  taskOf: (route: Route) => Task;
  hop: string;
  trying: Trying;
}

export const outageFaults = async ({ config, taskOf, hop, trying }: OutageOptions): Promise<Fault[]> => {
  const upstreams = new Map<string, Route>();
  for (const route of config.routes) {
    const [suspect] = config.suspects(route, symptom);
    if (suspect && !upstreams.has(suspect.id)) upstreams.set(suspect.id, route);
  }
  const tried = [...upstreams.values()].map((route) => ({ route, check: outageCheck(taskOf(route).checks) }));
  if (tried.length === 0) return [];
  const results = await trying(
    tried.map(({ route, check }) => ({
      edits: [],
      faults: [{ route, check }],
      about: [{ experiment: "outage" as const, route: route.id, what: check.title, at: null }],
    })),
  );
  return tried.flatMap(({ route, check }, index): Fault[] => {
    const result = ranIn(results[index])?.[0]?.result;
    const outage = result?.trace ? outageIn(result.trace) : null;
    if (!result || !outage) return [];
    return [
      {
        route,
        check,
        rule: "refused",
        symptom,
        report: result.report,
        evidence: outageSentence(hop, outage),
        facet: null,
        wrong: { rule: "refused", nth: Infinity },
        sees: ({ trace, report }) => {
          const seen = trace && outageIn(trace);
          return seen ? outageSentence(hop, seen) : trace ? `no failed request made ${hop} answer others by itself` : report.why;
        },
        isGone: ({ trace }) => trace !== null && outageIn(trace) === null,
      },
    ];
  });
};

/** It has a server to itself: others would be answered like that, too. */
const outageCheck = ([first]: readonly Check[]): Check => ({
  id: "outage",
  title: "requests that fail, and others between them",
  trial: { kind: "origin-failing" },
  request: first?.request ?? {},
  response: first?.response ?? {},
  must: {},
  isCrowd: true,
});
