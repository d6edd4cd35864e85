// `--shard 2/3`: the same scenarios fall into the same shard wherever it runs.
import type { Entry } from "../catalog.ts";
import type { Shard } from "../report/report.ts";
import { AuthorError } from "../runtime/runtime.ts";

export const parseShard = (text: string): Shard => {
  const [, index, of] = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(text) ?? [];
  if (index === undefined || Number(index) > Number(of))
    throw new AuthorError(`--shard ${text} is none; it is a number, a slash and how many there are: 1/3, 2/3 and 3/3`);
  return { index: Number(index), of: Number(of) };
};

/** In turn by id: those of one family, which take about as long, are dealt out evenly. */
export const shardOf = <T>(entries: readonly Entry<T>[], { index, of }: Shard): Entry<T>[] => {
  if (of > entries.length)
    throw new AuthorError(
      `--shard ${index}/${of} asks for more shards than there are scenarios, and one that runs nothing must not pass: at most ${entries.length} here`,
    );
  const mine = new Set(
    entries
      .map(({ id }) => id)
      .toSorted()
      .filter((_, at) => at % of === index - 1),
  );
  return entries.filter(({ id }) => mine.has(id));
};
