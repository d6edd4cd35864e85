// The appearance of a report, decided by the caller.
import pc from "picocolors";

export interface Look {
  /** Columns of a line. */
  width: number;
  color: boolean;
}

export type Paint = ReturnType<typeof pc.createColors>;

export const paintOf = ({ color }: Pick<Look, "color">): Paint => pc.createColors(color);

/** A readable width for a terminal; one that does not know its width reports 0 or nothing. */
export const widthFor = (columns: number | undefined): number => (columns ? Math.max(40, Math.min(columns, 120)) : 100);
