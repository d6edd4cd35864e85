// A trace of test/traces.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Trace } from "../harness/model/trace.ts";
import { traceOfToday } from "./golden/recorded-trace.ts";

export const savedTrace = (name: string): Trace =>
  traceOfToday(JSON.parse(readFileSync(join(import.meta.dirname, "traces", name), "utf8")));
