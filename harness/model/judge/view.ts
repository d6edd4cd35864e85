// A case as a row of hops, each with its own input and output. Pure.
import type { CaseTrace, Exchange, Trace } from "../trace.ts";

export interface HopView {
  hop: string;
  /** The response it received, on the link nearer the origin; null if it sent no request. */
  input: Exchange | null;
  /** The response it sent, on the link nearer the client. */
  output: Exchange | null;
  /** All of its requests for this client: more than one is a retry. */
  inputs: Exchange[];
  outputs: Exchange[];
}

/** The exchanges on one link for one client. A request without its mark belongs to the only client, if there is one only. */
export const exchangesOf = (trialCase: CaseTrace, link: number, client: number): Exchange[] =>
  trialCase.exchanges.filter(
    (exchange) =>
      exchange.link === link && (exchange.client === client || (exchange.client === null && trialCase.case.clients.length === 1)),
  );

/** The case that a facet names. */
export const caseIn = ({ cases }: Pick<Trace, "cases">, id: string): CaseTrace | undefined => cases.find((one) => one.case.id === id);

/** The hops from the origin to the client, for one client's request. */
export const hopsOf = (trace: Trace, trialCase: CaseTrace, client: number): HopView[] =>
  trace.nodes.slice(1, -1).map((hop, index) => {
    const inputs = exchangesOf(trialCase, index, client);
    const outputs = exchangesOf(trialCase, index + 1, client);
    return { hop, inputs, outputs, input: inputs.at(-1) ?? null, output: outputs.at(-1) ?? null };
  });

/** The response that the client received. */
export const atClient = (trace: Trace, trialCase: CaseTrace, client: number): Exchange | null =>
  exchangesOf(trialCase, trace.links.length - 1, client).at(-1) ?? null;

/** When the last bytes of content arrived until a moment; else the header section, else the request. */
export const lastActivity = (exchange: Exchange, until = Infinity): number =>
  exchange.progress.findLast(([at]) => at <= until)?.[0] ?? exchange.response?.at ?? exchange.request.at;

/** Content bytes that had arrived by `at`. */
export const bytesBy = (exchange: Exchange, at: number): number => {
  let bytes = 0;
  for (const [time, total] of exchange.progress) {
    if (time > at) break;
    bytes = total;
  }
  return bytes;
};

/** The number of separate moments, where moments closer than `apart` count as one. */
export const arrivals = (times: readonly number[], apart: number): number =>
  times.reduce((count, at, index) => (index === 0 || at - (times[index - 1] ?? at) > apart ? count + 1 : count), 0);

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
};

/** Milliseconds as text: 3 digits, never exponents. */
export const ms = (value: number): string =>
  `${Math.abs(value) >= 100 ? Math.round(value) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2)} ms`;

/** When the client's side of an exchange was gone, so that nothing could be passed on anymore. */
export const overAt = (output: Exchange, trialCase: CaseTrace): number =>
  output.closings.find(({ by }) => by === "downstream")?.at ?? trialCase.endedAt;

/** When an exchange was over. The end of an open exchange is only its last activity. */
export const endOf = (output: Exchange, trialCase: CaseTrace): number =>
  output.end.kind === "open" ? overAt(output, trialCase) : output.end.at;
