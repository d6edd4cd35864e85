// What is wrong with each hop, by its code (mutants) or by the lab's own measurements (results/): what a probe is compared with.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { openCatalog } from "../../../harness/catalog/catalog.ts";
import { packageRoot } from "../../../harness/catalog/package-root.ts";
import { lateExpectations } from "../mutants/late.ts";
import { expectations } from "../mutants/table.ts";
import type { HopOf } from "./path.ts";

export interface Fault {
  facet: string;
  word: string;
}

export interface Subject {
  name: string;
  kind: "mutant" | "server" | "middleware" | "container";
  /** The name of a server in containers, as in a chain. */
  hop: HopOf | string;
  faults: Fault[];
  /** Facets in which it is known to do nothing wrong. */
  fine: string[];
}

const named = (id: string, variant: string): string => (variant === "default" ? id : `${id}:${variant}`);

const unique = (faults: readonly Fault[]): Fault[] =>
  faults.filter(({ facet, word }, index) => faults.findIndex((other) => other.facet === facet && other.word === word) === index);

const facets = ["delivery", "headers", "ending", "source", "integrity", "disconnect"];

const except = (all: readonly string[], faults: readonly Pick<Fault, "facet">[]): string[] => [
  ...new Set(all.filter((facet) => faults.every((fault) => fault.facet !== facet))),
];

/** It does what a field of the request says. */
const notAlone = new Set(["patterned"]);

/** node:http2 sends END_STREAM in close(INTERNAL_ERROR), so that they end a response that the origin has cut. */
const endsSilently = new Set(["h2-straight", "h2-keep-canceled"]);

/** They buffer as `http-1.1` does, and so lag with large events (scenario nginx-http-1.1-lags-one-large-event); the lab has asked them for small ones. */
const lagsIfLarge = new Set(["nginx@1.30:gzip-rows", "nginx@1.30:sub-filter-inside"]);

/** A rate that the stimuli do not reach holds nothing. */
const unreached = new Set(["throttle:100k", "throttle:1m", "throttle-steps:100k", "throttle-steps:1m"]);

export const mutantSubjects = async (): Promise<Subject[]> => {
  const own = new Set(openCatalog().servers.ids);
  const { servers } = openCatalog({ servers: [join(packageRoot, "test/mutants")] });
  const subjects = servers.entries
    .filter(({ id }) => !own.has(id) && !notAlone.has(id) && id !== "stranger")
    .map(async ({ id, load }) =>
      Object.keys((await load()).variants).map((variant): Subject => {
        const name = named(id, variant);
        const mine = [
          ...expectations.filter(({ mutant }) => mutant === id && variant === "default"),
          ...lateExpectations.filter(
            (one) =>
              one.mutant === id && (one.variant ?? "default") === (variant === "default" && id.startsWith("throttle") ? "10k" : variant),
          ),
        ];
        const faults = unreached.has(name) ? [] : mine.map(({ facet, member }) => ({ facet, word: member }));
        const whole = endsSilently.has(id) ? [...faults, { facet: "ending", word: "truncated-silently" }] : faults;
        return { name, kind: "mutant", hop: { server: id, variant }, faults: unique(whole), fine: except(facets, whole) };
      }),
    );
  return (await Promise.all(subjects)).flat();
};

/** Longer timeouts than the longest silence of the stimuli are not seen. */
const longestWaitMs = 2500;

interface MeasuredScenario {
  variant: string;
  facet: string;
  word: string;
  culprit: string | null;
  limits?: { ms: number }[];
  /** Where what clients speak was swept. */
  clients?: { h1?: string };
}

interface Measured {
  server: string;
  kind: "server" | "middleware";
  version: string;
  node: string | null;
  scenarios: MeasuredScenario[];
}

/** Words that accuse nobody, as in docs/matrix.md. */
const harmless = new Set(["incremental", "prompt", "complete", "truncated-visibly", "origin", "propagated", "intact"]);

const measured = (): Measured[] => {
  const folder = join(packageRoot, "results");
  return readdirSync(folder)
    .filter((name) => /^[^@]+@.+\.json$/.test(name))
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Measured);
};

/** What it does to a client of HTTP/1.1, within the time that the stimuli take. */
const faultsOf = (all: readonly MeasuredScenario[]): Fault[] =>
  unique(
    all
      .map(({ word, clients, ...one }) => ({ ...one, word: clients?.h1 ?? word }))
      .filter(({ word, culprit, limits = [] }) => culprit !== null && !harmless.has(word) && limits.every(({ ms }) => ms <= longestWaitMs))
      .map(({ facet, word }) => ({ facet, word })),
  );

/** Every variant of a Node server, and of a middleware in the straight pipe, of which the lab has measured something. */
export const catalogSubjects = (): Subject[] =>
  measured()
    .filter(({ node }) => node?.startsWith("24.") === true)
    .flatMap(({ server, kind, scenarios }) =>
      [...Map.groupBy(scenarios, ({ variant }) => variant)].map(([variant, all]): Subject => {
        const hop =
          kind === "server" ? { server, variant } : { server: "http-pipe", variant: "default", middlewares: [{ id: server, variant }] };
        return { name: named(server, variant), kind, hop, ...truthOf(all) };
      }),
    );

const truthOf = (all: readonly MeasuredScenario[]): Pick<Subject, "faults" | "fine"> => {
  const faults = faultsOf(all);
  const every = all.filter(({ culprit, word }) => culprit !== null && !harmless.has(word));
  return {
    faults,
    fine: except(
      except(
        all.map(({ facet }) => facet),
        faults,
      ),
      every,
    ),
  };
};

/** Every variant of a server that runs in containers, in the newest version that the lab has measured. */
export const containerSubjects = (): Subject[] => {
  const servers = Map.groupBy(
    measured().filter(({ kind, node }) => kind === "server" && node === null),
    ({ server }) => server,
  );
  return [...servers.values()].flatMap((versions) => {
    const [newest] = versions.toSorted((a, b) => b.version.localeCompare(a.version, "en", { numeric: true }));
    if (!newest) return [];
    const { server, version, scenarios } = newest;
    const release = version.split(".").slice(0, 2).join(".");
    return [...Map.groupBy(scenarios, ({ variant }) => variant)].map(([variant, all]): Subject => {
      const name = named(`${server}@${release}`, variant);
      const { faults, fine } = truthOf(all);
      const lags: Fault[] = lagsIfLarge.has(name) ? [{ facet: "delivery", word: "lagging" }] : [];
      return { name, kind: "container", hop: name, faults: [...faults, ...lags], fine: except(fine, lags) };
    });
  });
};
