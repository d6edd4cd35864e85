// What runs of the catalog showed, as far as timeouts go: results/, which `npm run matrix` and `npm run claims` write.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { LimitKind } from "../define/limit.ts";
import { packageRoot } from "./package-root.ts";

/** A scenario's result with one version of a server. */
export interface KeptResult {
  /** The id in the catalog of what was measured; null: a chain with a real application. */
  server: string | null;
  variant: string;
  /** `1.26.3`; null where `ran` has several programs. */
  version: string | null;
  /** For people: `nginx 1.26.3`. */
  ran: string;
  scenario: string;
  /** `2026-11-21` */
  on: string;
  limits: { kind: LimitKind; ms: number }[];
}

/** A file per server and version, as far as it is read here. */
interface ServerFile {
  server: string;
  version: string;
  /** The version of Node, where the server runs in it; its own servers have no other. */
  node: string | null;
  measuredOn: string;
  scenarios: { id: string; variant: string; culprit: string | null; measuredOn?: string; limits: { kind: LimitKind; ms: number }[] }[];
}

/** results/claims.json, as far as it is read here. */
type ClaimsFile = { id: string; ran: string; measuredOn: string }[];

const read = async <T>(name: string): Promise<T> => JSON.parse(await readFile(join(packageRoot, "results", name), "utf8")) as T;

/** Of servers and middlewares, those with a timeout that they caused; of real applications all, without numbers. */
export const keptResults = async (): Promise<KeptResult[]> => {
  const names = (await readdir(join(packageRoot, "results"))).filter((name) => /^[^@]+@.+\.json$/.test(name)).toSorted();
  const [claims, ...files] = await Promise.all([read<ClaimsFile>("claims.json"), ...names.map((name) => read<ServerFile>(name))]);
  return [...files.flatMap(ofServer), ...claims.map(ofClaim)];
};

const ofServer = ({ server, version, node, measuredOn, scenarios }: ServerFile): KeptResult[] =>
  scenarios
    .filter(({ culprit, limits }) => culprit === server && limits.length > 0)
    .map(({ id, variant, measuredOn: on = measuredOn, limits }) => ({
      server,
      variant,
      version,
      ran: version === node ? `${server} on Node ${node}` : `${server} ${version}`,
      scenario: id,
      on,
      limits,
    }));

const ofClaim = ({ id, ran, measuredOn }: ClaimsFile[number]): KeptResult => ({
  server: null,
  variant: "default",
  version: null,
  ran,
  scenario: id.split("@", 1)[0] ?? id,
  on: measuredOn,
  limits: [],
});
