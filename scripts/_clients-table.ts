// The matrix by what the clients speak: one line per scenario that sweeps it, and one word per protocol. Pure.
import { clientProtocols, protocolWords } from "../harness/model/script.ts";
import type { ClientProtocol } from "../harness/model/script.ts";
import { harmless, nameOf, byName } from "./_table.ts";
import type { Result, Shown } from "./_results.ts";

interface Row {
  shown: Shown;
  /** Of the scenarios that show it. */
  ids: Set<string>;
  server: string;
  versions: Set<string>;
}

/** Empty if no scenario sweeps it. */
export const clientsTable = (results: readonly Result[]): string => {
  const rows = rowsOf(results);
  if (rows.length === 0) return "";
  const protocols = clientProtocols.filter((protocol) => rows.some(({ shown }) => shown.clients?.[protocol] !== undefined));
  return [
    `| | ${protocols.map((protocol) => protocolWords[protocol]).join(" | ")} |`,
    `|---|${protocols.map(() => "---").join("|")}|`,
    ...rows.map((row) => `| ${titleOf(row)} | ${protocols.map((protocol) => wordAt(row, protocol)).join(" | ")} |`),
  ].join("\n");
};

/** Versions and scenarios that answer alike share a line; what differs between protocols comes first. */
const rowsOf = (results: readonly Result[]): Row[] => {
  const rows = new Map<string, Row>();
  for (const { scenarios, ...result } of results.toSorted(byName))
    for (const shown of scenarios) {
      if (shown.clients === undefined) continue;
      const key = JSON.stringify([result.server, shown.variant, shown.facet, shown.clients]);
      const row = rows.get(key) ?? { shown, ids: new Set<string>(), server: result.server, versions: new Set<string>() };
      row.versions.add(
        nameOf({ ...result, scenarios })
          .slice(result.server.length)
          .trim(),
      );
      row.ids.add(shown.id);
      rows.set(key, row);
    }
  const differs = ({ shown }: Row): boolean => new Set(Object.values(shown.clients ?? {})).size > 1;
  return [...rows.values()].toSorted((one, other) => Number(differs(other)) - Number(differs(one)));
};

const titleOf = ({ shown, ids, server, versions }: Row): string => {
  const links = [...ids].map((id, index) => `[${index === 0 ? shown.variant : index + 1}](../scenarios/${id}.ts)`);
  return `${server} ${[...versions].join(", ")}: ${shown.facet}, ${links.join(", ")}`;
};

const wordAt = ({ shown }: Row, protocol: ClientProtocol): string => {
  const word = shown.clients?.[protocol];
  return word === undefined ? "–" : harmless.has(word) ? word : `**${word}**`;
};
