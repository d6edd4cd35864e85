// How the rules look at a trace: an arm as a row of hops, each with its own input and output.
import type { ArmTrace, Exchange, Trace } from "../trace.ts";

export interface HopView {
  hop: string;
  /** What it was given, on the link nearer the origin; null if it never asked. */
  input: Exchange | null;
  /** What it gave, on the link nearer the client. */
  output: Exchange | null;
  /** All that it asked for this client: more than one is a retry. */
  inputs: Exchange[];
  outputs: Exchange[];
}

/** Everything on one link that belongs to a client's request. A request whose mark was removed belongs to the only client there is. */
export const exchangesOf = (arm: ArmTrace, link: number, client: number): Exchange[] =>
  arm.exchanges.filter(
    (exchange) => exchange.link === link && (exchange.client === client || (exchange.client === null && arm.arm.clients.length === 1)),
  );

/** The hops from the origin to the client as one client's request saw them. */
export const hopsOf = (trace: Trace, arm: ArmTrace, client: number): HopView[] =>
  trace.nodes.slice(1, -1).map((hop, index) => {
    const inputs = exchangesOf(arm, index, client);
    const outputs = exchangesOf(arm, index + 1, client);
    return { hop, inputs, outputs, input: inputs.at(-1) ?? null, output: outputs.at(-1) ?? null };
  });

/** What the client itself was given. */
export const atClient = (trace: Trace, arm: ArmTrace, client: number): Exchange | null =>
  exchangesOf(arm, trace.links.length - 1, client).at(-1) ?? null;

/** When the last bytes of content came up to a moment, or the header section, or the request. */
export const lastActivity = (exchange: Exchange, until = Infinity): number =>
  exchange.progress.findLast(([at]) => at <= until)?.[0] ?? exchange.response?.at ?? exchange.request.at;

/** Content bytes that had come by `at`. */
export const bytesBy = (exchange: Exchange, at: number): number => {
  let bytes = 0;
  for (const [time, total] of exchange.progress) {
    if (time > at) break;
    bytes = total;
  }
  return bytes;
};

/** How many separate moments there are, if moments closer than `apart` are one. */
export const arrivals = (times: readonly number[], apart: number): number =>
  times.reduce((count, at, index) => (index === 0 || at - (times[index - 1] ?? at) > apart ? count + 1 : count), 0);

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
};

/** Milliseconds for people: 3 digits, never exponents. */
export const ms = (value: number): string =>
  `${Math.abs(value) >= 100 ? Math.round(value) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2)} ms`;
