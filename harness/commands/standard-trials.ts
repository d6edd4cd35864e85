// What `--hop` plays against any command that listens on PORT and forwards to UPSTREAM.
import type { Entry } from "../catalog.ts";
import { commandPrefix } from "../chain.ts";
import type { Must, RequestPlan, Scenario, Trial } from "../define.ts";
import { noFile } from "../reproduce.ts";
import { rememberOption } from "../source.ts";

interface Standard {
  title: string;
  trial: Trial;
  must: Must;
  request?: RequestPlan;
}

const delivered: Must = { deliver: "incrementally", integrity: "intact", source: "origin", end: "complete" };

const standard = {
  "lock-step": { title: "The hop passes each event on by itself", trial: { kind: "lock-step" }, must: delivered },
  // Browsers send it and `curl` does not: a hop that compresses may hold one and pass the other.
  "lock-step-gzip": {
    title: "The hop passes each event on to a client that takes gzip",
    trial: { kind: "lock-step" },
    must: delivered,
    request: { acceptEncoding: "gzip" },
  },
  "header-hold": {
    title: "The hop passes the header section on ahead of the first event",
    trial: { kind: "header-hold" },
    must: { headers: "promptly" },
  },
  "origin-abort": {
    title: "The hop lets its client see that the origin aborted",
    trial: { kind: "origin-abort" },
    must: { end: "visibly" },
  },
  "client-leaving": {
    title: "The hop lets go of the origin when its client leaves",
    trial: { kind: "client-leaving" },
    must: { noticeDisconnectWithinMs: 1000 },
  },
  "late-joiner": { title: "The hop gives each client a stream of its own", trial: { kind: "late-joiner" }, must: { source: "origin" } },
  bodyless: { title: "The hop passes HEAD, 204 and 304 on without a body", trial: { kind: "bodyless" }, must: { end: "complete" } },
  silence: {
    title: "The hop lets a stream be silent for three seconds",
    trial: { kind: "silence", silentMs: 3000 },
    must: { surviveSilenceMs: 3000 },
  },
} satisfies Record<string, Standard>;

export const standardTrials = (command: string): Entry<Scenario>[] =>
  Object.entries<Standard>(standard).map(([id, rest]) => {
    const scenario: Scenario = { chain: [{ app: "sse" }, `${commandPrefix}${command}`], ...rest };
    return { id, file: noFile, load: () => Promise.resolve(scenario) };
  });

/** What `--app` plays through the hops given: nothing that the application would have to be told. */
const watching = {
  watch: {
    title: "The hops pass on what the application sends as it comes",
    trial: { kind: "paced" },
    must: { deliver: "incrementally", headers: "promptly", end: "visibly", integrity: "intact" },
  },
  "watch-gzip": {
    title: "The hops pass on what the application sends to a client that takes gzip as it comes",
    trial: { kind: "paced" },
    must: { deliver: "incrementally", headers: "promptly", end: "visibly", integrity: "intact" },
    request: { acceptEncoding: "gzip" },
  },
  "client-leaving": {
    title: "The hops let the application know that the client left",
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
