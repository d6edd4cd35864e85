// From results/compression.json (node bench/compression.ts) to a table of docs/claims.md. Pure.
import { payloads } from "../bench/_compression-figures.ts";
import type { CompressionFigure, CompressionFigures, Payload } from "../bench/_compression-figures.ts";

const words: Record<Payload, string> = { tokens: "chunks of a chat completion", prose: "events with a sentence", rows: "rows of a CSV" };

export const compressionTable = ({ figures, measuredOn, node, records }: CompressionFigures): string => {
  const rows = [...Map.groupBy(figures, ({ middleware, coding }) => `${middleware} ${coding}`).values()];
  return [
    `Measured by \`node bench/compression.ts\` on ${measuredOn}, Node ${node}: bytes on the client's connection for ${records} records, without and with compression.`,
    "",
    `| middleware | coding | ${payloads.map((payload) => words[payload]).join(" | ")} |`,
    `|---|---|${payloads.map(() => "--:|").join("")}`,
    ...rows.map((of) => `| \`${of[0]?.middleware}\` | ${of[0]?.coding} | ${payloads.map((payload) => cell(of, payload)).join(" | ")} |`),
  ].join("\n");
};

const cell = (of: readonly CompressionFigure[], payload: Payload): string => {
  const figure = of.find((one) => one.payload === payload);
  if (!figure) return "";
  const { plainBytes, wireBytes } = figure;
  const percent = Math.round((100 * wireBytes) / plainBytes);
  return `${kB(plainBytes)} → ${kB(wireBytes)} (${percent} %)`;
};

const kB = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
