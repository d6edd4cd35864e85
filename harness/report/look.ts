// How a report is to look: decided by whoever prints.
import pc from "picocolors";

export interface Look {
  /** Columns of a line. */
  width: number;
  colour: boolean;
}

export type Paint = ReturnType<typeof pc.createColors>;

export const paintOf = ({ colour }: Pick<Look, "colour">): Paint => pc.createColors(colour);

/** What fits a screen and can still be read in one glance; a terminal that does not know its width says 0 or nothing. */
export const widthFor = (columns: number | undefined): number => (columns ? Math.max(40, Math.min(columns, 120)) : 100);
