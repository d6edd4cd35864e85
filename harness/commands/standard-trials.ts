// The trials of `--hop` and `--app`.
import type { Entry } from "../catalog/shelf.ts";
import { commandPrefix } from "../session/chain.ts";
import type { Must, RequestPlan, Scenario, Trial } from "../define.ts";
import { noFile } from "../session/reproduce.ts";
import { rememberOption } from "../catalog/source.ts";

interface Standard {
  title: string;
  trial: Trial;
  must: Must;
  request?: RequestPlan;
}

const delivered: Must = { deliver: "incrementally", integrity: "intact", source: "origin", end: "complete" };

const standard = {
  "lock-step": { title: "The hop passes each event on without waiting for the next", trial: { kind: "lock-step" }, must: delivered },
  // Browsers send Accept-Encoding, `curl` does not: a hop that compresses may hold one stream and pass the other.
  "lock-step-gzip": {
    title: "The hop passes each event on to a client that accepts gzip",
    trial: { kind: "lock-step" },
    must: delivered,
    request: { acceptEncoding: "gzip" },
  },
  "header-hold": {
    title: "The hop passes the header section on before the first event",
    trial: { kind: "header-hold" },
    must: { headers: "promptly" },
  },
  "origin-abort": {
    title: "The hop makes an abort of the origin visible to the client",
    trial: { kind: "origin-abort" },
    must: { end: "visibly" },
  },
  "client-leaving": {
    title: "The hop closes the origin's connection when the client leaves",
    trial: { kind: "client-leaving" },
    must: { noticeDisconnectWithinMs: 1000 },
  },
  "late-joiner": { title: "The hop gives each client a stream of its own", trial: { kind: "late-joiner" }, must: { source: "origin" } },
  bodyless: { title: "The hop passes HEAD, 204 and 304 on without a body", trial: { kind: "bodyless" }, must: { end: "complete" } },
  silence: {
    title: "The hop keeps a stream open that is silent for three seconds",
    trial: { kind: "silence", silentMs: 3000 },
    must: { surviveSilenceMs: 3000 },
  },
} satisfies Record<string, Standard>;

export const standardTrials = (command: string): Entry<Scenario>[] =>
  Object.entries<Standard>(standard).map(([id, rest]) => {
    const scenario: Scenario = { chain: [{ app: "sse" }, `${commandPrefix}${command}`], ...rest };
    return { id, file: noFile, load: () => Promise.resolve(scenario) };
  });

/** The trials of `--app`: none of them needs to script the application. */
const watching = {
  watch: {
    title: "The hops pass on the application's bytes without delay",
    trial: { kind: "paced" },
    must: { deliver: "incrementally", headers: "promptly", end: "visibly", integrity: "intact" },
  },
  "watch-gzip": {
    title: "The hops pass on the application's bytes without delay to a client that accepts gzip",
    trial: { kind: "paced" },
    must: { deliver: "incrementally", headers: "promptly", end: "visibly", integrity: "intact" },
    request: { acceptEncoding: "gzip" },
  },
  "client-leaving": {
    title: "The hops close the application's connection when the client leaves",
    trial: { kind: "client-leaving" },
    must: { noticeDisconnectWithinMs: 1000 },
  },
} satisfies Record<string, Standard>;

export const watchingTrials = (hops: readonly string[]): Entry<Scenario>[] =>
  Object.entries<Standard>(watching).map(([id, rest]) => {
    const scenario: Scenario = { chain: [{ app: "sse" }, ...hops], ...rest };
    rememberOption(scenario, "--through");
    return { id, file: noFile, load: () => Promise.resolve(scenario) };
  });
