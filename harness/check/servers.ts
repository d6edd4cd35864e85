// The servers that run a configuration or a changed copy of it, each with the taps in front of it; and the copies that wait for
// timeouts.
import type { QueueDelaySampler } from "../runtime/queue-delay.ts";
import type { ContainerRuntime } from "../runtime/container.ts";
import { AuthorError } from "../errors.ts";
import type { Check } from "./checks.ts";
import type { CheckedConfig } from "./server.ts";
import { allOf } from "./passage.ts";
import { retirement } from "./retirement.ts";
import { starterOf } from "./start-server.ts";
import type { Build } from "./build.ts";
import type { ServerUnderTest } from "./start-server.ts";
import { whyOf } from "./tried.ts";
import type { UpstreamTaps } from "./upstream-taps.ts";

/** A second server with the same configuration, for the trials that wait for timeouts. */
export interface Copy {
  underTest: ServerUnderTest;
  timeScale: number;
}

export interface Servers extends AsyncDisposable {
  start: (config: CheckedConfig) => Promise<ServerUnderTest>;
  /** For these checks only: if all of them wait for timeouts, only the copy is started. */
  startFor: (config: CheckedConfig, checks?: readonly Check[]) => Promise<ServerUnderTest>;
  /** One of a chain's servers by itself. */
  startAs: (build: Build, config: CheckedConfig) => Promise<ServerUnderTest>;
  /** The copy for checks that wait for timeouts, with a faster clock where possible; started on first use. */
  copyOf: (one: ServerUnderTest, timeScale: number) => Promise<Copy>;
  /** And its copy. */
  stop: (one: ServerUnderTest) => Promise<void>;
  /** It is no longer needed, and idles until the check is over; where too many run, those that were retired first are stopped earlier. */
  retire: (one: ServerUnderTest) => void;
  /** Until none is being stopped, which takes processor time. */
  settled: () => Promise<void>;
  /** Why at least one server waited for timeouts in real time; null where none did. */
  whyRealTime: () => string | null;
}

export const openServers = (
  runtime: ContainerRuntime,
  build: Build,
  sampler: QueueDelaySampler,
  upstreams: UpstreamTaps,
  signal?: AbortSignal,
): Servers => {
  const starting = new Set<Promise<ServerUnderTest>>();
  const underTest = new Set<ServerUnderTest>();
  const copies = new Map<ServerUnderTest, Promise<Copy>>();
  const clock: Clock = { isFaster: false, why: null };
  const starter = starterOf(runtime, build, sampler, upstreams);

  const start = (config: CheckedConfig, timeScale = 1, of = build): Promise<ServerUnderTest> => {
    const one = starter.start(config, timeScale, of);
    starting.add(one);
    void one.then(underTest.add.bind(underTest), () => {}).finally(() => starting.delete(one));
    return one;
  };

  const copyOf = (one: ServerUnderTest, timeScale: number): Promise<Copy> => {
    const known = copies.get(one) ?? startCopy(one.config, timeScale);
    copies.set(one, known);
    known.catch(() => copies.delete(one));
    return known;
  };
  const startCopy = copyStarter(start, signal, clock);

  const startFor = async (config: CheckedConfig, checks: readonly Check[] = []): Promise<ServerUnderTest> => {
    const timeScale = commonScaleOf(checks);
    if (timeScale === null) return start(config);
    const copy = await startCopy(config, timeScale);
    copies.set(copy.underTest, Promise.resolve(copy));
    return copy.underTest;
  };

  const stop = async (one: ServerUnderTest): Promise<void> => {
    if (!underTest.delete(one)) return;
    const other = await copies.get(one)?.catch(() => null);
    copies.delete(one);
    if (other && other.underTest !== one) await stop(other.underTest);
    await starter.close(one);
  };

  const retiring = retirement({ rest: unwatching(sampler, copies), stop, running: () => [...underTest].flatMap(allOf).length });
  return {
    start,
    startFor,
    startAs: (of, config) => start(config, 1, of),
    copyOf,
    stop,
    ...retiring,
    whyRealTime: () => clock.why,
    [Symbol.asyncDispose]: async () => {
      // When one fails, others may still be starting.
      await Promise.allSettled(starting);
      await Promise.allSettled([retiring.settled(), ...Array.from(underTest, stop)]);
    },
  };
};

/** Nothing is measured on it any more, nor on its copy. */
const unwatching = (sampler: QueueDelaySampler, copies: ReadonlyMap<ServerUnderTest, Promise<Copy>>) => {
  const unwatch = (one: ServerUnderTest): void => allOf(one).forEach(({ key }) => sampler.unwatch(key));
  return (one: ServerUnderTest): void => {
    unwatch(one);
    copies.get(one)?.then(
      ({ underTest }) => unwatch(underTest),
      () => {},
    );
  };
};

/** Null where not all of them wait for timeouts, or some by another clock. */
const commonScaleOf = (checks: readonly Check[]): number | null => {
  const [{ timeScale = null } = {}] = checks;
  return checks.every((check) => check.timeScale === timeScale) ? timeScale : null;
};

/** Whether the server's clock ever ran faster, and why it once did not. */
interface Clock {
  isFaster: boolean;
  why: string | null;
}

/** Starts copies with a faster clock; where that fails, and keeps failing, in real time. */
const copyStarter = (
  start: (config: CheckedConfig, timeScale?: number) => Promise<ServerUnderTest>,
  signal: AbortSignal | undefined,
  clock: Clock,
): ((config: CheckedConfig, timeScale: number) => Promise<Copy>) => {
  const startCopy = async (config: CheckedConfig, timeScale: number): Promise<Copy> => {
    if (timeScale > 1 && (clock.isFaster || clock.why === null)) {
      // A failure of the engine proves nothing about the clock.
      let faster = await startFaster(config, timeScale);
      if (typeof faster === "string") faster = await startFaster(config, timeScale);
      if (typeof faster !== "string") return { underTest: faster, timeScale };
      clock.why ??= faster;
    }
    return { underTest: await start(config), timeScale: 1 };
  };

  /** Answers why it cannot. */
  const startFaster = async (config: CheckedConfig, timeScale: number): Promise<ServerUnderTest | string> => {
    try {
      const faster = await start(config, timeScale);
      clock.isFaster = true;
      return faster;
    } catch (error) {
      if (error instanceof AuthorError || signal?.aborted) throw error;
      return whyOf(error);
    }
  };

  return startCopy;
};
