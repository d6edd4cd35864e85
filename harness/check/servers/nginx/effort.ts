// How much work one configuration may cause: it is not trusted, and may be written to take forever.
export interface Effort {
  left: number;
}

/** A directive looked at, or a pattern tried, is one. */
export const newEffort = (): Effort => ({ left: 1_000_000 });

/** False: there is none left. */
export const spend = (effort: Effort, steps = 1): boolean => {
  effort.left -= steps;
  return effort.left > 0;
};

export const tooMuch = "there is too much in this configuration to follow every path";
