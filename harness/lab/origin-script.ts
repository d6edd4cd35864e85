// Runs a script, step by step.
import type { Script, Step } from "../model/script.ts";
import { now } from "./clock.ts";
import type { OriginExchange } from "./origin-exchange.ts";
import { breathe, largeBytes, type Tally, turnToCopy, wait } from "./wait.ts";

/** What a script runs on: a connection to the lab's own origin, or an application that asks for its records. */
export type ScriptedExchange = Pick<
  OriginExchange,
  | "script"
  | "shape"
  | "recording"
  | "stopped"
  | "isOpen"
  | "nextRecord"
  | "sendHead"
  | "sendInterim"
  | "sendRecord"
  | "sendEnd"
  | "drained"
  | "abort"
>;

type RunStep<Kind extends Step["do"]> = (
  exchange: ScriptedExchange,
  step: Extract<Step, { do: Kind }>,
  held: Tally,
) => void | Promise<void>;

/** `held` counts the complete records of the client of this exchange. */
export const runScript = async (exchange: ScriptedExchange, held: Tally): Promise<void> => {
  for (const step of exchange.script.steps) {
    if (exchange.stopped.isTripped || !exchange.isOpen) break;
    if ("only" in step && exchange.recording.unacknowledged === null) continue;
    await (runs[step.do] as RunStep<Step["do"]>)(exchange, step, held);
    await breathe();
  }
};

/** How long the steps may take, without the waits for a blocked connection. */
export const stepsLimitMs = ({ steps }: Script): number => steps.reduce((sum, step) => sum + stepLimitMs(step), 0);

const stepLimitMs = (step: Step): number => {
  switch (step.do) {
    case "pause":
      return step.ms;
    case "write":
      return step.records * step.everyMs;
    case "lock-step":
      return step.records * step.patienceMs;
    case "await-client":
    case "await-gone":
    case "write-until-gone":
      return step.atMostMs;
    default:
      return 0;
  }
};

/** A response without a body is complete with its header section. */
const endsWithHead = (exchange: ScriptedExchange): boolean => {
  if (exchange.shape.framing !== "none") return false;
  exchange.sendEnd();
  return true;
};

/** Writes the next record; false if there is none, or the script was stopped. */
const writeRecord = async (exchange: ScriptedExchange): Promise<boolean> => {
  const bytes = exchange.script.body.recordBytes[exchange.nextRecord] ?? 0;
  if (bytes >= largeBytes) await turnToCopy();
  return !exchange.stopped.isTripped && exchange.sendRecord();
};

const writeAtOnce = async (exchange: ScriptedExchange, records: number): Promise<void> => {
  for (let left = records; left > 0; left--) {
    if (!(await writeRecord(exchange))) return;
    await exchange.drained();
    await breathe();
  }
};

const writePaced = async (exchange: ScriptedExchange, records: number, everyMs: number, untilAt: number): Promise<void> => {
  let dueAt = now();
  for (let left = records; left > 0; left--) {
    if (now() >= untilAt || !(await writeRecord(exchange))) return;
    const isDrained = await exchange.drained(Number.isFinite(untilAt) ? Math.max(0, untilAt - now()) : null);
    if (left === 1 || !isDrained) return;
    dueAt = Math.max(dueAt + everyMs, now());
    if (everyMs > 0) await wait(Math.max(0, Math.min(dueAt, untilAt) - now()), exchange.stopped.signal);
    else await breathe();
  }
};

const runs: { [Kind in Step["do"]]: RunStep<Kind> } = {
  headers: (exchange) => {
    if (!endsWithHead(exchange)) exchange.sendHead();
  },
  interim: (exchange, { status, headers }) => exchange.sendInterim(status, headers),
  pause: (exchange, { ms }) => wait(ms, exchange.stopped.signal),
  write: async (exchange, { records, everyMs }) => {
    if (!endsWithHead(exchange)) await writePaced(exchange, records, everyMs, Infinity);
  },
  "lock-step": async (exchange, { records, patienceMs }, held) => {
    if (endsWithHead(exchange)) return;
    for (let written = 0; written < records && !exchange.stopped.isTripped; written++) {
      if (exchange.recording.unacknowledged !== null) return writeAtOnce(exchange, records - written);
      if (!(await writeRecord(exchange))) return;
      const record = exchange.nextRecord - 1;
      await wait(patienceMs, exchange.stopped.signal, held.reaches(record + 1));
      if (held.value <= record && !exchange.stopped.isTripped) exchange.recording.unacknowledged = { record, at: now() };
    }
  },
  "await-client": (exchange, { atMostMs }, held) => wait(atMostMs, exchange.stopped.signal, held.reaches(exchange.nextRecord)),
  "write-until-gone": async (exchange, { records, everyMs, atMostMs }) => {
    if (!endsWithHead(exchange)) await writePaced(exchange, records, everyMs, now() + atMostMs);
  },
  "await-gone": (exchange, { atMostMs }) => wait(atMostMs, exchange.stopped.signal),
  end: async (exchange) => {
    // Meets the announced length.
    if (exchange.shape.framing === "content-length")
      await writeAtOnce(exchange, exchange.script.body.recordBytes.length - exchange.nextRecord);
    if (!exchange.stopped.isTripped) exchange.sendEnd();
  },
  abort: (exchange, { how }) => exchange.abort(how),
};
