// The intervals in which bytes could not be sent.
export type Interval = [from: number, to: number];

/** Opens and closes alternately. */
export class BlockedLog {
  readonly #past: Interval[] = [];
  #since: number | null = null;

  blocked(at: number): void {
    this.#since ??= at;
  }

  unblocked(at: number): void {
    if (this.#since !== null) this.#past.push([this.#since, at]);
    this.#since = null;
  }

  until(at: number): Interval[] {
    return this.#since === null ? [...this.#past] : [...this.#past, [this.#since, at]];
  }
}

/** The union of the intervals. */
export const union = (...lists: readonly (readonly Interval[])[]): Interval[] => {
  const joined: Interval[] = [];
  for (const [from, to] of lists.flat().toSorted(([a], [b]) => a - b)) {
    const last = joined.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
};
