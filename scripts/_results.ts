// The results that are kept of a report: per server and version, the result of each scenario. Pure.
import type { Catalog } from "../harness/catalog/catalog.ts";
import { packageName } from "../harness/host/packages.ts";
import type { ClientProtocol } from "../harness/model/script.ts";
import { isLimitCause } from "../harness/model/verdict.ts";
import type { Facet, FacetName } from "../harness/model/verdict.ts";
import type { Report, ScenarioReport } from "../harness/report/report.ts";
import { partsOf } from "../harness/catalog/versions.ts";

/** One file of results/. */
export interface Result {
  server: string;
  kind: "server" | "middleware";
  version: string;
  /** The version of Node, where the server runs in it. */
  node: string | null;
  runtime: Report["runtime"];
  measuredOn: string;
  scenarios: Shown[];
}

export interface Shown {
  id: string;
  variant: string;
  facet: FacetName;
  /** The facet's member, or the kind of timeout that ended the stream. */
  word: string;
  headline: string;
  culprit: string | null;
  limits: { kind: string; ms: number }[];
  /** By what clients speak, where the scenario sweeps it: the word for each. */
  clients?: Partial<Record<ClientProtocol, string>>;
  /** What the culprit held in the case that shows it, in bytes times seconds. Absent: nothing, or not known. */
  heldByteSeconds?: number;
  /** Absent: with the others of its file. */
  measuredOn?: string;
}

/** Hopwise's own pipes, which host middlewares and serve as a comparison. */
const pipes = new Set(["http-pipe", "tcp-pipe"]);

interface Part {
  id: string;
  variant: string;
  kind: Result["kind"];
  /** As the report names what ran. */
  ranAs: string;
}

/** `nginx@1.22:gzip`, or `http-pipe (cache, gzip:flush)`, as the report's chain has it. */
const partsIn = (hop: string): Part[] => {
  const [, serverWord = hop, inside = ""] = hop.match(/^(\S+)(?: \((.*)\))?$/) ?? [];
  const { server, version, variant } = partsOf(serverWord);
  const middlewares = inside === "" ? [] : inside.split(", ").map((word) => partsOf(word));
  const ranAs = [version === null ? server : `${server}@${version}`, ...middlewares.map((one) => one.server)].join("+");
  return [
    { id: server, variant, kind: "server", ranAs },
    ...middlewares.map((one): Part => ({ id: one.server, variant: one.variant, kind: "middleware", ranAs })),
  ];
};

/** The subject of a scenario: its culprit, otherwise the only part that is no pipe; null if there are several. */
const subjectOf = (scenario: ScenarioReport): Part | null => {
  const parts = scenario.chain.slice(1, -1).flatMap(partsIn);
  const culprit = parts.find(({ id }) => id === scenario.expected["culprit"]);
  if (culprit) return culprit;
  const others = parts.filter(({ id }) => !pipes.has(id));
  const middlewares = others.filter(({ kind }) => kind === "middleware");
  const [only, ...more] = middlewares.length > 0 ? middlewares : others;
  return only && more.length === 0 ? only : null;
};

const facetOf: Record<string, FacetName> = {
  deliver: "delivery",
  headers: "headers",
  end: "ending",
  surviveSilenceMs: "ending",
  source: "source",
  integrity: "integrity",
  disconnect: "disconnect",
  noticeDisconnectWithinMs: "disconnect",
  memory: "memory",
};

const clean = new Set<string>(["incremental", "prompt", "complete", "origin", "intact", "propagated", "bounded"]);

const shownBy = (scenario: ScenarioReport, subject: Part): Shown | null => {
  const facet = facetOf[Object.keys(scenario.expected)[0] ?? ""];
  const tested = scenario.facets.filter((found) => found.facet === facet);
  const found = worstOf(tested.filter(({ culprit }) => culprit === subject.id)) ?? worstOf(tested);
  if (!found) return null;
  const held = scenario.cases.find(({ id }) => id === found.case)?.held?.find(({ hop }) => hop === found.culprit);
  const clients = byClient(scenario, tested);
  return {
    id: scenario.id.split("@")[0] ?? scenario.id,
    variant: subject.variant,
    facet: found.facet,
    word: wordOf(found),
    headline: scenario.headline,
    culprit: found.culprit,
    limits: scenario.limits.map(({ kind, ms }) => ({ kind, ms: Math.round(ms / 100) * 100 })),
    ...(clients ? { clients } : {}),
    ...(held && held.byteSeconds > 0 ? { heldByteSeconds: Math.round(held.byteSeconds) } : {}),
  };
};

/** The kind of the timeout that ended the stream; null if it is none, or not known which. */
const limitOf = ({ observation }: Facet): string | null =>
  "cause" in observation && isLimitCause(observation.cause) && observation.cause !== "unclassified" ? observation.cause : null;

const wordOf = (facet: Facet): string => limitOf(facet) ?? facet.observation.member;

/** What says most: the kind of a timeout, then any other fault. */
const rankOf = (facet: Facet): number => {
  if (limitOf(facet) !== null) return 2;
  return clean.has(facet.observation.member) ? 0 : 1;
};

/** The first of those that rank highest. */
const worstOf = ([first, ...others]: readonly Facet[]): Facet | undefined =>
  others.reduce((worst, facet) => (worst && rankOf(worst) >= rankOf(facet) ? worst : facet), first);

/** The worst of each protocol's cases. */
const byClient = ({ cases }: ScenarioReport, tested: readonly Facet[]): Shown["clients"] => {
  const protocolOf = new Map(cases.map(({ id, point }) => [id, point["clients"]]));
  const words: NonNullable<Shown["clients"]> = {};
  for (const [protocol, own] of Map.groupBy(tested, (facet) => protocolOf.get(facet.case))) {
    const worst = worstOf(own);
    if (protocol !== undefined && worst) words[protocol as ClientProtocol] = wordOf(worst);
  }
  return Object.keys(words).length > 0 ? words : undefined;
};

/** Versions by the names that a package, a binary or Node has in `node v24.21.0, http-proxy 1.18.1` or `nginx/1.26.3`. */
const versionsIn = (text: string): Map<string, string> =>
  new Map(
    text.split(", ").flatMap((one): [string, string][] => {
      const [, name, version] = one.match(/^(.+)[ /]v?(\d\S*)$/) ?? [];
      return name !== undefined && version !== undefined ? [[name, version]] : [];
    }),
  );

/** The name under which the program itself reports a package, also where it is installed under another. */
const reportedName = (wanted: string): string => packageName(wanted.split("@npm:")[1] ?? wanted);

const packageOf = async (catalog: Catalog, { id, kind }: Part): Promise<string | null> => {
  const definition = await (kind === "server" ? catalog.servers : catalog.middlewares).find(id, "The matrix").load();
  const [first] = "package" in definition ? [definition.package ?? []].flat() : [];
  return first === undefined ? null : reportedName(first);
};

export const resultsOf = async (report: Report, catalog: Catalog): Promise<Result[]> => {
  const results = new Map<string, Result>();
  for (const scenario of report.scenarios) {
    const subject = subjectOf(scenario);
    const shown = subject && shownBy(scenario, subject);
    if (!subject || !shown) continue;
    const ran = versionsIn(report.versions[subject.ranAs] ?? "");
    const node = ran.get("node") ?? null;
    const name = await packageOf(catalog, subject);
    const version = (name === null ? (node ?? [...ran.values()][0]) : ran.get(name)) ?? "unknown";
    const key = `${subject.id}@${version}${node === null ? "" : `+node${node}`}`;
    const result = results.get(key) ?? {
      server: subject.id,
      kind: subject.kind,
      version,
      node,
      runtime: report.runtime,
      measuredOn: report.startedAt.slice(0, 10),
      scenarios: [],
    };
    result.scenarios.push(shown);
    results.set(key, result);
  }
  for (const { scenarios } of results.values()) scenarios.sort((a, b) => a.id.localeCompare(b.id));
  return [...results.values()];
};

/** The Node that Hopwise itself runs hops on is left out of the name: it changes with every patch. */
export const fileOf = ({ server, version, node }: Result, usualMajor: string): string => {
  const own = version === node;
  const other = node !== null && !node.startsWith(`${usualMajor}.`);
  return `${server}@${own ? `node${version.split(".")[0]}` : version}${!own && other ? `-node${node?.split(".")[0]}` : ""}.json`;
};

/** New results, combined with earlier ones of other scenarios: each keeps its date. */
export const added = (now: Result, before: Result | null): Result => {
  if (before === null) return now;
  const ids = new Set(now.scenarios.map(({ id }) => id));
  const kept = before.scenarios.filter(({ id }) => !ids.has(id));
  const dated = now.scenarios.map((shown) => (now.measuredOn === before.measuredOn ? shown : { ...shown, measuredOn: now.measuredOn }));
  return { ...before, scenarios: [...kept, ...dated].toSorted((a, b) => a.id.localeCompare(b.id)) };
};
