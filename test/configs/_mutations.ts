// Harmful single changes to healthy configurations, each with the line that is then to blame. Every kind was measured to be harmful on the
// versions that it is listed for; what is harmless (gzip or limit_rate where nothing is buffered, say) is not here. Pure, and the same
// for the same seed.
import { applyEdits } from "./_edit.ts";
import type { Files } from "./_edit.ts";
import type { Choose, Harm } from "./_harm.ts";
import type { Expected } from "./_expected.ts";
import { operators } from "./_operators.ts";
import { locationsOf } from "./_tree.ts";

export interface Mutation extends Harm {
  /** `<configuration>/<location>/<operator>`, stable. */
  id: string;
  config: string;
  operator: string;
  location: string;
  host: string | null;
}

export interface Healthy {
  expected: Expected;
  main: string;
  files: Files;
}

/** Every operator on every healthy route of these; the seed chooses among equals: values, places within a block, deletion or comment. */
export const mutationsOf = (healthy: readonly Healthy[], seed: number): Mutation[] =>
  healthy.flatMap(({ expected, main, files }) =>
    expected.routes
      .filter(({ findings }) => findings.length === 0)
      .flatMap(({ location: title, host }) => {
        const location = locationsOf(files, main).find(
          (candidate) => candidate.title === title && isOf(candidate.levels[1]?.nodes ?? [], host),
        );
        if (!location) throw new Error(`${expected.name}: no ${title} in ${main}`);
        return Object.entries(operators).flatMap(([operator, propose]): Mutation[] => {
          const id = `${expected.name}/${host === null ? "" : `${host} `}${title}/${operator}`;
          const harm = propose({ files, location, purpose: expected.purpose, pick: picker(`${seed}/${id}`) });
          if (!harm) return [];
          return [{ id, config: expected.name, operator, location: title, host, ...harm }];
        });
      }),
  );

export const mutated = ({ files }: Healthy, { edits }: Pick<Mutation, "edits">): Map<string, string> => applyEdits(files, edits);

/** So many of them, in turn from every kind of change, and from another configuration each time as far as it goes. */
export const spread = (mutations: readonly Mutation[], count: number, seed: number): Mutation[] => {
  const kinds = [...Map.groupBy(mutations, ({ operator }) => operator).values()];
  const turned = kinds.map((ones, index) => ones.map((_, at) => ones[(at * 7 + index * 3 + seed) % ones.length] ?? ones[0]));
  const longest = Math.max(0, ...kinds.map(({ length }) => length));
  const taken = new Set<Mutation>();
  for (let round = 0; round < longest; round++)
    for (const ones of turned) {
      const one = ones[round];
      if (one && taken.size < count) taken.add(one);
    }
  for (const one of mutations) if (taken.size < count) taken.add(one);
  return [...taken];
};

const isOf = (server: readonly { name: string; args: string[] }[], host: string | null): boolean =>
  host === null || server.some(({ name, args }) => name === "server_name" && args.includes(host));

/** Choices that hang on the text alone (FNV-1a, then a multiplicative step for each). */
const picker = (text: string): Choose => {
  let state = 0x811c9dc5;
  for (const character of text) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (choices) => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) ^ (state >>> 13);
    return choices[(state >>> 0) % choices.length] ?? choices[0];
  };
};
