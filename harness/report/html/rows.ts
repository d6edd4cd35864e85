// The rows of a waterfall from top to bottom: lanes, the hops between them, and for the culprit what it held over time.
import { bytesInWords } from "./scale.ts";
import type { Staircase } from "../staircase.ts";
import type { Waterfall, WaterfallLane } from "../waterfall.ts";

export type RowKind = "axis" | "lane" | "hop" | "culprit" | "gap" | "stairs" | "silence";

/** In pixels. */
export const heights: Record<RowKind, number> = { axis: 22, lane: 28, hop: 30, culprit: 92, gap: 10, stairs: 110, silence: 40 };

export interface Row {
  kind: RowKind;
  top: number;
  label: string;
  detail: string;
  /** Of a lane: its index. */
  lane: number | null;
}

export const rowsOf = ({ lanes, culprit, silences }: Waterfall, stairs: Staircase | null, word: string): Row[] => {
  const rows: Row[] = [];
  let top = 0;
  const add = (kind: RowKind, label = "", detail = "", lane: number | null = null): void => {
    rows.push({ kind, top, label, detail, lane });
    top += heights[kind];
  };
  add("axis");
  for (const [index, lane] of lanes.entries()) {
    const before = lanes[index - 1];
    if (lane.kind === "connection" && before?.kind === "connection") {
      if (lane.from === culprit) add("culprit", culprit, word);
      else add("hop", lane.from);
    } else if (before) add("gap");
    add("lane", labelOf(lane), "", index);
    // It never sent anything on, or is the last that was seen.
    if (lane.kind === "connection" && lane.to === culprit && lanes[index + 1]?.from !== culprit) add("culprit", culprit, word);
  }
  if (silences.length > 0) add("silence", "silence");
  if (stairs) {
    add("gap");
    add("stairs", `held by ${stairs.hop}`, `${bytesInWords(stairs.byteSeconds)}·s, ${bytesInWords(stairs.mostBytes)} at most`);
  }
  return rows;
};

export const heightOf = (rows: readonly Row[]): number => rows.reduce((sum, { kind }) => sum + heights[kind], 0);

export const middleOf = ({ top, kind }: Row): number => top + heights[kind] / 2;

export const labelOf = ({ kind, from, to, client, label }: WaterfallLane): string => {
  if (label !== undefined) return label;
  switch (kind) {
    case "writes":
      return "origin writes";
    case "control":
      return "a straight pipe";
    case "other":
      return client === 1 ? `${from} → ${to} (before)` : to === "client" ? `${from} → client ${client}` : `${from} → ${to} (${client})`;
    default:
      return `${from} → ${to}`;
  }
};
