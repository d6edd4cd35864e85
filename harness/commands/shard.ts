// `--shard 2/3`: a scenario belongs to the same shard on every machine.
import type { Entry } from "../catalog/shelf.ts";
import type { Shard } from "../report/report.ts";
import { AuthorError } from "../errors.ts";

export const parseShard = (text: string): Shard => {
  const [, index, of] = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(text) ?? [];
  if (index === undefined || Number(index) > Number(of))
    throw new AuthorError(`--shard ${text} is not valid: use index/total, e.g. 1/3, 2/3 and 3/3`);
  return { index: Number(index), of: Number(of) };
};

/** Distributed in turn by id, so that related scenarios, which take equally long, spread evenly. */
export const shardOf = <T>(entries: readonly Entry<T>[], { index, of }: Shard): Entry<T>[] => {
  if (of > entries.length)
    throw new AuthorError(
      `--shard ${index}/${of} makes more shards than there are scenarios (${entries.length}), and an empty shard must not pass: use at most ${entries.length}`,
    );
  const mine = new Set(
    entries
      .map(({ id }) => id)
      .toSorted()
      .filter((_, at) => at % of === index - 1),
  );
  return entries.filter(({ id }) => mine.has(id));
};
