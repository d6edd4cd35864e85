// What a hop held back over time: the area between the content that it had received and the content that it had sent on. Pure.
import type { Exchange, Link, CaseTrace } from "../model/trace.ts";
import { isOfFirstClient } from "../model/request-id.ts";
import type { ByteStep, HeldReport } from "./report.ts";

type Step = [at: number, bytes: number];

/** Finer than any picture shows. */
const mostSteps = 120;

/** The last step of each interval, `mostSteps` at most: the picture is the same to within an interval. */
export const thinned = (steps: readonly Step[], most: number = mostSteps): Step[] => {
  const [first] = steps;
  const last = steps.at(-1);
  if (!first || !last || steps.length <= most) return [...steps];
  const width = (last[0] - first[0]) / (most - 1);
  return steps.filter((step, index) => {
    const next = steps[index + 1];
    return !next || Math.floor((next[0] - first[0]) / width) > Math.floor((step[0] - first[0]) / width);
  });
};

/** Content bytes after each read, in milliseconds since the start of the case. */
export const bytesOf = ({ progress }: Exchange, since: (at: number) => number): ByteStep[] =>
  thinned(progress).map(([at, bytes]) => [since(at), bytes]);

/** Between two times, with what had come in and gone out. */
interface Span {
  fromMs: number;
  toMs: number;
  heldBytes: number;
}

/** Where both are known. `untilMs`: after this nothing was held any more, since the output had ended. */
export const spansOf = (input: readonly Step[], output: readonly Step[], untilMs: number): Span[] => {
  const times = [...new Set([...input, ...output].map(([at]) => at).filter((at) => at < untilMs))].toSorted((a, b) => a - b);
  const entered = reader(input);
  const left = reader(output);
  return times.map((at, index) => ({
    fromMs: at,
    toMs: times[index + 1] ?? untilMs,
    heldBytes: Math.max(0, entered(at) - left(at)),
  }));
};

/** The step's value at a time; asked for in ascending order. */
const reader = (steps: readonly Step[]): ((at: number) => number) => {
  let next = 0;
  return (at) => {
    while (next < steps.length && steps[next]![0] <= at) next += 1;
    return steps[next - 1]?.[1] ?? 0;
  };
};

/** Each hop of which both sides were seen; a hop that sent another body than it received held nothing that could be counted. */
export const heldIn = (links: readonly Link[], trialCase: CaseTrace): HeldReport[] =>
  links.flatMap((link, index) => {
    const nextIndex = links.findIndex(({ from }) => from === link.to);
    const input = exchangeOn(trialCase, index);
    const output = nextIndex === -1 ? null : exchangeOn(trialCase, nextIndex);
    if (!input || !output || input.nonce !== output.nonce || input.droppedBytes + output.droppedBytes > 0) return [];
    if (input.progress.length === 0 || output.fidelity.kind === "foreign") return [];
    const spans = spansOf(input.progress, output.progress, output.end.kind === "open" ? trialCase.endedAt : output.end.at);
    return [
      {
        hop: link.to,
        byteSeconds: rounded(spans.reduce((sum, { fromMs, toMs, heldBytes }) => sum + (heldBytes * (toMs - fromMs)) / 1000, 0)),
        mostBytes: Math.max(0, ...spans.map(({ heldBytes }) => heldBytes)),
      },
    ];
  });

const exchangeOn = ({ exchanges, origin }: CaseTrace, link: number): Exchange | null =>
  origin.some(isOfFirstClient)
    ? (exchanges.findLast((one) => one.link === link && (one.client === 0 || one.client === null)) ?? null)
    : null;

const rounded = (value: number): number => Math.round(value * 10) / 10;
