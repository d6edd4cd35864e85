// How an accusation sounds, by what was seen. Pure.
import type { Scene, Spot } from "../scene.ts";
import { millisecondsOf, versionOf } from "../scene.ts";
import type { Directive } from "../tree.ts";

const deeds: Record<string, string> = {
  buffered: "holds the stream to its end",
  batched: "lets the stream out in batches",
  lagging: "keeps each record back until more follows",
  held: "holds the header section back",
};

/** `holds the stream to its end`. */
export const deed = ({ symptom }: Scene): string => deeds[symptom.member] ?? "stands in the stream's way";

const seconds = (ms: number): string => `${Number((ms / 1000).toFixed(3))} s`;

export const speaker = (scene: Spot): string => {
  const version = versionOf(scene);
  return version ? `nginx ${version}` : "nginx before 1.29.7";
};

const defaultReadMs = 60_000;

/** What a limit does; of none the default of proxy_read_timeout. */
export const cuts = ({ symptom }: Scene, line: Directive | null): string => {
  const ms = line ? millisecondsOf(line.args[0] ?? "") : defaultReadMs;
  const after = ms === null ? "" : ` after ${seconds(ms)}`;
  return symptom.cause === "first-byte-limit" ? `gives up on an application that has not answered${after}` : `cuts a silent stream${after}`;
};
