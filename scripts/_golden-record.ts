// `npm run golden -- --record <source>`.
import { judge } from "../harness/model/judge/judge.ts";
import type { Trace } from "../harness/model/trace.ts";
import { readVerdicts, sourcesThere, traceLines, writeSource } from "../test/golden/archive.ts";
import type { SavedTrace } from "../test/golden/archive.ts";
import { slim } from "../test/golden/slim.ts";
import { sources } from "./_golden-sources.ts";

export interface RecordOptions {
  only: readonly RegExp[];
  /** What was recorded before stays, with its verdicts. */
  append: boolean;
  rounds: number;
}

interface Lines {
  trace: string;
  verdict: string;
}

export const recordSource = async (source: string, { only, append, rounds }: RecordOptions): Promise<number> => {
  const lines = append ? await linesBefore(source) : new Map<string, Lines>();
  const done = Math.max(0, ...[...lines.keys()].map((name) => Number.parseInt(name, 10) || 0));
  const before = lines.size;
  const seen: { name: string; text: string }[] = [];
  // What takes longer waits until nothing is measured any more.
  const keep = (name: string, trace: Trace): void => void seen.push({ name, text: JSON.stringify(trace) });
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interruption.abort());
  const say = (text: string): void => console.error(text);
  await sources[source]?.record({ keep, only, rounds: { done, wanted: rounds }, signal: interruption.signal, say });
  if (interruption.signal.aborted) {
    console.error("Interrupted: nothing is kept of it");
    return 130;
  }
  let whole = 0;
  for (const { name, text } of seen) {
    const { trace, isRounded } = slim(JSON.parse(text) as Trace);
    if (!isRounded) whole++;
    const free = freeName(name, lines);
    lines.set(free, { trace: JSON.stringify({ name: free, trace }), verdict: JSON.stringify({ name: free, verdict: judge(trace) }) });
  }
  const all = [...lines.values()];
  await writeSource(
    source,
    all.map(({ trace }) => trace),
    all.map(({ verdict }) => verdict),
  );
  console.log(`${source}: ${lines.size - before} traces recorded, ${before} kept; ${whole} of the new ones with all digits`);
  return 0;
};

const linesBefore = async (source: string): Promise<Map<string, Lines>> => {
  if (!(await sourcesThere()).includes(source)) return new Map();
  const verdicts = new Map((await readVerdicts(source)).map((saved) => [saved.name, JSON.stringify(saved)]));
  return new Map(
    (await traceLines(source)).map((trace) => {
      const { name } = JSON.parse(trace) as SavedTrace;
      return [name, { trace, verdict: verdicts.get(name) ?? "" }];
    }),
  );
};

/** Of another attempt at the same trial. */
const freeName = (name: string, taken: ReadonlyMap<string, unknown>): string => {
  for (let attempt = 2, free = name; ; attempt++) {
    if (!taken.has(free)) return free;
    free = `${name}#${attempt}`;
  }
};
