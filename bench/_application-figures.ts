// What bench/applications.ts measures: results/applications.json.
export type How = "stream" | "whole" | "csv";

export interface MemoryFigure {
  chain: string[];
  how: How;
  bytes: number;
  reader: "fast" | "slow";
  firstByteMs: number;
  totalMs: number;
  /** By hop: of all its processes, idle and at the peak. */
  resident: Record<string, { idleKb: number; peakKb: number }>;
  /** What tracemalloc counted in the view's process, in a request of its own. */
  tracedKb: number | null;
}

export interface ItemFigure {
  chain: string[];
  itemBytes: number;
  bytes: number;
  wireBytes: number;
  totalMs: number;
}

export interface Figures {
  measuredOn: string;
  versions: Record<string, string>;
  memory: MemoryFigure[];
  items: ItemFigure[];
}
