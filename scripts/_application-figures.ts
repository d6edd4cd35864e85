// From results/applications.json (node bench/applications.ts) to the tables of docs/claims.md. Pure.
import type { Figures, ItemFigure, MemoryFigure } from "../bench/_application-figures.ts";

export const figureTables = ({ memory, items, measuredOn }: Figures): string =>
  [`Measured by \`node bench/applications.ts\` on ${measuredOn}.`, memoryTable(memory), itemTable(items)].join("\n\n");

const memoryTable = (figures: readonly MemoryFigure[]): string =>
  [
    "| chain | response | bytes | reader | first byte | total | grew by (all processes of a hop, VmHWM) | tracemalloc |",
    "|---|---|--:|---|--:|--:|---|--:|",
    ...figures.map(
      ({ chain, how, bytes, reader, firstByteMs, totalMs, resident, tracedKb }) =>
        `| ${[
          `\`${chain.join(" → ")}\``,
          words[how],
          size(bytes),
          reader === "slow" ? "10 MB/s" : "fast",
          `${firstByteMs} ms`,
          `${totalMs} ms`,
          Object.entries(resident)
            .map(([hop, { idleKb, peakKb }]) => `${hop} ${mega(peakKb - idleKb)} (idle ${mega(idleKb)})`)
            .join(", "),
          tracedKb === null ? "" : mega(tracedKb),
        ].join(" | ")} |`,
    ),
  ].join("\n");

const words = { stream: "streamed", whole: "whole", csv: "CSV, streamed" } as const satisfies Record<MemoryFigure["how"], string>;

const itemTable = (figures: readonly ItemFigure[]): string =>
  [
    "| chain | item | bytes | per second | on the wire for each byte | per item |",
    "|---|--:|--:|--:|--:|--:|",
    ...figures.map(
      ({ chain, itemBytes, bytes, wireBytes, totalMs }) =>
        `| ${[
          `\`${chain.join(" → ")}\``,
          size(itemBytes),
          size(bytes),
          `${(bytes / 1000 / totalMs).toPrecision(3)} MB`,
          (wireBytes / bytes).toFixed(3),
          `${((1000 * totalMs) / (bytes / itemBytes)).toPrecision(3)} µs`,
        ].join(" | ")} |`,
    ),
  ].join("\n");

const size = (bytes: number): string =>
  bytes >= 1_000_000 ? `${bytes / 1_000_000} MB` : bytes >= 1000 ? `${bytes / 1000} kB` : `${bytes} B`;

const mega = (kB: number): string => `${(kB / 1024).toFixed(1)} MiB`;
