// What people bring: each call is answered as an expert would. Two at a time, since they mostly wait.
import { it } from "vitest";
import type { CheckReport } from "../../harness/report/check-report.ts";
import { complaintsOf, readCalls } from "../field/_calls.ts";
import type { Call } from "../field/_calls.ts";
import { hopwise } from "./_cli.ts";
import { describeWithEngine } from "./engine.ts";

const lanes: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()];

/** In the lane that has the fewest before it. */
const waiting = lanes.map(() => 0);

const inLane = <T>(work: () => Promise<T>): Promise<T> => {
  const lane = waiting.indexOf(Math.min(...waiting));
  waiting[lane] = (waiting[lane] ?? 0) + 1;
  const done = (lanes[lane] ?? Promise.resolve()).then(work);
  lanes[lane] = done.catch(() => {}).then(() => (waiting[lane] = (waiting[lane] ?? 1) - 1));
  return done;
};

const complaintsTo = async (call: Call): Promise<string[]> => {
  const { code, out, err } = await hopwise(["check", ...call.args, "--reporter", "json"], { folder: call.folder });
  return complaintsOf(call, { code, err, report: out === "" ? null : (JSON.parse(out) as CheckReport) });
};

const all = readCalls().map((call) => [`${call.name}: ${call.args.join(" ")}`, call] as const);

describeWithEngine("hopwise check on what people bring", () => {
  it.concurrent.for(all)("%s", { timeout: 1_200_000 }, async ([, call], { expect }) => {
    expect(await inLane(() => complaintsTo(call))).toEqual([]);
  });
});
