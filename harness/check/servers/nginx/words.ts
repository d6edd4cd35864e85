// What a suspect does, in words, by what was seen. Pure.
import type { Context, Spot } from "./context.ts";
import { causeOf, memberOf, millisecondsOf, versionOf } from "./context.ts";
import type { Directive } from "./tree.ts";

const effects: Record<string, string> = {
  buffered: "buffers the stream",
  batched: "releases the stream in batches",
  lagging: "holds each record until more data follows",
  delayed: "delays records",
  throttled: "limits the rate of the response",
  held: "holds the header section",
};

/** `buffers the stream`. */
export const effect = ({ symptom }: Context): string => effects[memberOf(symptom) ?? ""] ?? "disturbs the stream";

const seconds = (ms: number): string => `${Number((ms / 1000).toFixed(3))} s`;

export const speaker = (context: Spot): string => {
  const version = versionOf(context);
  return version ? `nginx ${version}` : "nginx before 1.29.7";
};

/** Of proxy_read_timeout. */
export const defaultReadTimeout = "60s";

/** What a limit does; of none the default of proxy_read_timeout. */
export const cuts = ({ symptom }: Context, line: Directive | null): string => {
  const ms = millisecondsOf(line ? (line.args[0] ?? "") : defaultReadTimeout);
  const after = ms === null ? "" : ` after ${seconds(ms)}`;
  return causeOf(symptom) === "first-byte-timeout"
    ? `gives up on an application that has not answered${after}`
    : `cuts a silent stream${after}`;
};

/** Of an upload. */
export const collects = "collects the whole upload before the application sees any of it";
