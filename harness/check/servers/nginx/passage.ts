// A request that gets past what turns requests away: it carries what is asked for, or the guard is left out.
import { guessesFor } from "./fields.ts";
import type { Fields, Guess } from "./fields.ts";
import { proxyingBlocks, titleOf } from "./forwarding.ts";
import type { Finder } from "./locations.ts";
import type { Directive } from "./tree.ts";
import type { Outcome, Surroundings } from "./walking.ts";

const mostGuards = 10;

type Follow = (around: Surroundings, fields: Fields, uri: string) => Outcome;

/** Follows a path with what is given; past each guard that turns it away, with what the guard asks for, or else without the guard. */
export const past =
  (surroundings: Surroundings, given: Fields, follow: Follow): ((uri: string) => Outcome) =>
  (uri) => {
    const first = follow(surroundings, given, uri);
    let outcome = first;
    let fields = given;
    let around = surroundings;
    for (let count = 0; count < mostGuards && outcome.kind !== "proxied" && outcome.guard; count += 1) {
      const { guard } = outcome;
      const further = variantsOf(guard, surroundings, fields)
        .map((carried) => ({ carried, reached: follow(around, carried, uri) }))
        .find(({ reached }) => reached.kind === "proxied" || (reached.guard !== undefined && reached.guard !== guard));
      if (further) {
        fields = further.carried;
        outcome = further.reached;
      } else {
        around = { ...around, without: new Set([...around.without, guard]) };
        outcome = follow(around, fields, uri);
      }
    }
    return outcome.kind === "proxied" ? outcome : first;
  };

const mostVariants = 60;

/** Single ones first, then pairs. */
const variantsOf = (guard: Directive, { server, sources, setsOfServer }: Surroundings, fields: Fields): Fields[] => {
  const guesses = guessesFor(guard, server, sources, setsOfServer).filter(([name]) => !fields.has(name));
  const of = (...some: Guess[]): Fields => new Map([...fields, ...some]);
  const pairs = guesses.flatMap((one, index) => guesses.slice(index + 1).flatMap((other) => (one[0] === other[0] ? [] : [of(one, other)])));
  return [...guesses.map((guess) => of(guess)), ...pairs].slice(0, mostVariants);
};

/** Both lines: what takes the path, and what would have forwarded it. */
export const takenBy = (uri: string, { why, by }: Extract<Outcome, { kind: "answered" }>, finder: Finder): string => {
  const taker = by ? `${titleOf(by)} (line ${by.place.line}) takes ${uri}, and ${why}` : why;
  const forwarding = finder.all.filter(
    ({ block, modifier, text }) => block !== by && ["", "=", "^~"].includes(modifier) && uri.startsWith(text) && isForwarding(block),
  );
  const [longest] = forwarding.toSorted((one, other) => other.text.length - one.text.length);
  return longest ? `${taker}; ${titleOf(longest.block)} (line ${longest.block.place.line}) would forward it` : taker;
};

const isForwarding = (block: Directive): boolean =>
  (block.block ?? []).some(({ name }) => name === "proxy_pass") || proxyingBlocks(block).some(({ parent }) => parent === block);
