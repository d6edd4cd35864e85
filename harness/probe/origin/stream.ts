// One response of `hopwise origin`: writes each event when it is due, and says in it when that was.
import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { knownEventText } from "../judge/known-event.ts";
import { dueTimes } from "./schedule.ts";
import type { Schedule } from "./schedule.ts";

/** Monotonic, in milliseconds, with as many digits as matter. */
const clock = (): number => Math.round(10 * (performance.timeOrigin + performance.now())) / 10;

const types = { events: "text/event-stream", lines: "application/x-ndjson" } as const;

const beforeResetMs = 50;

/** Returns at the end, or when the client has left. */
export const stream = async (response: ServerResponse, schedule: Schedule, attempt: number): Promise<void> => {
  const receivedMs = clock();
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  const request = randomBytes(4).toString("hex");
  const filler = "x".repeat(schedule.fillerBytes);
  const until = (ms: number): Promise<void> => delay(Math.max(0, ms), undefined, { signal: gone.signal });
  let beating: NodeJS.Timeout | undefined;
  try {
    await until(schedule.waitMs);
    const headMs = clock();
    response.writeHead(200, { "content-type": types[schedule.format], "cache-control": "no-cache", "hopwise-origin": "1" }).flushHeaders();
    const beat = (): void => void response.write(schedule.format === "events" ? ": heartbeat\n\n" : "\n");
    if (schedule.heartbeatMs > 0) beating = setInterval(beat, schedule.heartbeatMs);
    for (const [index, dueMs] of dueTimes(schedule).entries()) {
      await until(headMs + dueMs - clock());
      const known = { hopwise: 1, request, attempt, event: index + 1, of: schedule.count, receivedMs, headMs, end: schedule.end } as const;
      const text = knownEventText({ ...known, writtenMs: clock() }, filler);
      beating?.refresh();
      response.write(schedule.format === "events" ? `id: ${index + 1}\ndata: ${text}\n\n` : `${text}\n`);
    }
    if (schedule.end === "complete") return void response.end();
    // The last event must not be lost with the reset.
    await until(beforeResetMs);
    response.socket?.resetAndDestroy();
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  } finally {
    clearInterval(beating);
  }
};
