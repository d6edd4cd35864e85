// What goes on at the same time, the oldest first: images that are made, trials that start, wait for an image, or run. The rest is counted. Pure.
import type { Progress } from "../progress.ts";

interface Activity {
  sinceMs: number;
  text: string;
  kind: "image" | "waiting for an image" | "starting" | "ready" | "streaming";
}

export interface Activities {
  take: (progress: Progress, atMs: number) => void;
  /** At most `most` lines, each with its age. */
  lines: (nowMs: number, most: number) => string[];
}

interface Trial {
  sinceMs: number;
  hops: readonly string[];
  state: "starting" | "ready" | "streaming";
  attempt: number;
}

export const activities = (): Activities => {
  const trials = new Map<string, Trial>();
  const images = new Map<string, { sinceMs: number; verb: string }>();
  /** By hop: the images that it was seen to need, one after the other. */
  const needs = new Map<string, Set<string>>();

  const awaited = ({ hops, state }: Trial): string | undefined =>
    state === "starting" ? hops.flatMap((hop) => [...(needs.get(hop) ?? [])]).find((image) => images.has(image)) : undefined;

  const activityOf = (name: string, trial: Trial): Activity => {
    const { sinceMs, state, hops, attempt } = trial;
    const image = awaited(trial);
    if (image !== undefined) return { sinceMs, kind: "waiting for an image", text: `waits for an image: ${name} (${image})` };
    const texts = {
      starting: `starts: ${name} (${hops.join(", ")})`,
      ready: `ready: ${name}`,
      streaming: `${attempt > 1 ? "streams again" : "streams"}: ${name}`,
    };
    return { sinceMs, kind: state, text: texts[state] };
  };

  const imageActivity = (image: string, { sinceMs, verb }: { sinceMs: number; verb: string }): Activity => {
    const waiting = trials.values().reduce((sum, trial) => sum + (awaited(trial) === image ? 1 : 0), 0);
    return { sinceMs, kind: "image", text: `${verb} image ${image}${waiting > 0 ? `, for which ${waiting} wait` : ""}` };
  };

  return {
    take: (progress, atMs) => {
      switch (progress.doing) {
        case "building-image":
          return void images.set(progress.image, { sinceMs: atMs, verb: "builds" });
        case "pulling-image":
          return void images.set(progress.image, { sinceMs: atMs, verb: "pulls" });
        case "image-done":
          return void images.delete(progress.image);
        case "waiting-for-image":
          return void (progress.hop !== null && needs.set(progress.hop, new Set(needs.get(progress.hop)).add(progress.image)));
        case "starting":
        case "ready":
        case "running":
          return void trials.set(progress.trial, trialOf(progress, trials.get(progress.trial), atMs));
        case "finished":
          return void trials.delete(progress.trial);
        case "step":
      }
    },
    lines: (nowMs, most) => {
      const older = (a: Activity, b: Activity): number => a.sinceMs - b.sinceMs;
      const all = [
        ...Array.from(images, ([image, made]) => imageActivity(image, made)).toSorted(older),
        ...Array.from(trials, ([name, trial]) => activityOf(name, trial)).toSorted(older),
      ];
      const shown = all.length <= most ? all : all.slice(0, most - 1);
      const rest = all.slice(shown.length);
      return [...shown.map(({ sinceMs, text }) => `${clock(nowMs - sinceMs)} ${text}`), ...(rest.length > 0 ? [restOf(rest)] : [])];
    },
  };
};

const trialOf = (
  progress: Extract<Progress, { doing: "starting" | "ready" | "running" }>,
  before: Trial | undefined,
  atMs: number,
): Trial => {
  const { doing } = progress;
  return {
    sinceMs: atMs,
    hops: doing === "starting" ? progress.hops : (before?.hops ?? []),
    state: doing === "running" ? "streaming" : doing,
    attempt: doing === "running" ? progress.attempt : 1,
  };
};

const restOf = (rest: readonly Activity[]): string =>
  `and ${rest.length} more: ${Array.from(
    Map.groupBy(rest, ({ kind }) => kind),
    ([kind, { length }]) => (kind === "image" ? `${length} ${length === 1 ? "image" : "images"}` : `${length} ${kind}`),
  ).join(", ")}`;

/** `0:07`, `12:30`. */
export const clock = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};
