// A request that gets past what turns requests away: it carries what is asked for, or the guard is left out.
import { guessesFor } from "./fields.ts";
import type { Fields, Guess } from "./fields.ts";
import { proxyingBlocks, titleOf } from "./forwarding.ts";
import type { Finder } from "./locations.ts";
import { signedRequests } from "./secure-links.ts";
import type { SignedBy } from "./secure-links.ts";
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
    let now: Asking = asItIs({ fields: given, uri });
    let around = surroundings;
    for (let count = 0; count < mostGuards && outcome.kind !== "proxied" && outcome.guard; count += 1) {
      const { guard } = outcome;
      const through: Through = ({ fields, uri: at }) => follow(around, fields, at);
      const further = waysPast(guard, surroundings, now, through)
        .map((asking) => ({ asking, reached: through(asking.sent) }))
        .find(({ reached }) => reached.kind === "proxied" || (reached.guard !== undefined && reached.guard !== guard));
      if (further) {
        now = further.asking;
        outcome = further.reached;
      } else {
        around = { ...around, without: new Set([...around.without, guard]) };
        outcome = follow(around, now.sent.fields, now.sent.uri);
      }
    }
    if (outcome.kind !== "proxied") return first;
    const { sent, signed } = now;
    return { ...outcome, by: { ...outcome.by, ...(sent.uri === uri ? {} : { uri: sent.uri }), ...(signed ? { signed } : {}) } };
  };

interface Request {
  fields: Fields;
  uri: string;
}

/** `plain`: without its signature, which covers some of the rest. */
interface Asking {
  plain: Request;
  sent: Request;
  signed?: SignedBy;
}

type Through = (request: Request) => Outcome;

const asItIs = (plain: Request): Asking => ({ plain, sent: plain });

/** What is signed is signed again with whatever else it carries. */
const waysPast = (guard: Directive, surroundings: Surroundings, { plain, signed }: Asking, through: Through): Asking[] => {
  const variants = variantsOf(guard, surroundings, plain);
  // A signature may cover the client's address, which an inner server does not see.
  if (surroundings.isInner) return variants.map(asItIs);
  if (signed) return variants.flatMap((one) => signedOnes(one, through));
  return [...signedOnes(plain, through), ...variants.map(asItIs)];
};

/** Where a signature of the link is asked for: those that are then taken for signed. */
const signedOnes = (plain: Request, through: Through): Asking[] => {
  const unsigned = (request: Request) => {
    const reached = through(request);
    return reached.kind === "proxied" ? null : (reached.link ?? null);
  };
  const link = unsigned(plain);
  const made = link ? signedRequests(link, plain, unsigned) : [];
  return made
    .map(({ fields, uri, signature }) => ({ plain, sent: { fields, uri }, signed: signature }))
    .filter(({ sent }) => unsigned(sent) === null);
};

const mostVariants = 60;

/** Single ones first, then pairs. */
const variantsOf = (guard: Directive, { server, sources, setsOfServer, isInner }: Surroundings, now: Request): Request[] => {
  const { fields } = now;
  const guesses = guessesFor(guard, server, sources, setsOfServer).filter(
    ([name]) => !fields.has(name) && !(isInner && name.startsWith("arg_")),
  );
  const of = (...some: Guess[]): Request => ({ ...now, fields: new Map([...fields, ...some]) });
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
