// What a card says of a real application beside what the hops did: how its items became chunks, and what it noticed of its client's leaving.
import type { CaseReport, ScenarioReport, SentReport } from "./report.ts";
import { duration, plain } from "./text.ts";

export const applicationWords = (report: ScenarioReport): string[] => {
  const sent = report.cases.flatMap(({ id, sent: one }) => (one ? [{ id, sent: one }] : []));
  if (sent.length === 0) return [];
  const leaves = report.facets.some(({ facet }) => facet === "disconnect");
  return leaves ? [`the application noticed: ${sent.map(noticedBy).join(" · ")}`] : sent.slice(0, 1).map(({ sent: one }) => sentBy(one));
};

const sentBy = ({ items, framing, chunks, reads }: SentReport): string =>
  `the application: ${count(items, "item")} in ${chunks === null ? `one body (${framing})` : count(chunks, "chunk")}, ${count(reads, "read")} at the tap`;

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;

const noticedBy = ({ id, sent: { noticed, leftAtMs } }: { id: CaseReport["id"]; sent: SentReport }): string => {
  const [first] = noticed;
  if (!first) return `nothing (${id})`;
  const after = leftAtMs === null ? "" : ` after ${duration(Math.max(0, first.atMs - leftAtMs))}`;
  return `${plain(first.what)}${after} (${id})`;
};
