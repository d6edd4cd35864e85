// Experiments: a changed copy of the configuration is started, trials go through it, and it is stopped.
import { AuthorError } from "../errors.ts";
import type { Environment } from "./environment.ts";
import type { Turn } from "./parts.ts";
import type { CheckedConfig } from "./server.ts";
import type { ServerUnderTest } from "./start-server.ts";
import { usesRunningServer, whyOf } from "./tried.ts";
import type { Experiment, Problem, Refusal, Tried, Trying } from "./tried.ts";

type Started = { underTest: ServerUnderTest } | { rejected: Refusal } | { notRun: Problem };

/** `running`: it has the configuration as given. What cannot run is tried once more: an engine fails now and then. */
export const experimentWith = (environment: Environment, config: CheckedConfig, running: ServerUnderTest, signal?: AbortSignal): Trying => {
  const start = async (experiment: Experiment): Promise<Started> => {
    if (usesRunningServer(experiment)) return { underTest: running };
    const { edits, faults } = experiment;
    try {
      const checks = faults.map(({ check }) => check);
      return { underTest: await environment.start(config.with({ edits }), checks) };
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof AuthorError)) return { notRun: { reason: "server-not-started", why: whyOf(error) } };
      return { rejected: { says: error.message, at: config.lineOf(error.message) } };
    }
  };

  const attempt = async (experiments: readonly Experiment[]): Promise<Tried[]> => {
    signal?.throwIfAborted();
    const started = await Promise.all(experiments.map(start));
    try {
      const turns = experiments.flatMap(({ faults }, of): (Turn & { of: number })[] => {
        const one = started[of];
        return one && "underTest" in one
          ? faults.map(({ route, check, until }) => ({
              underTest: one.underTest,
              route,
              check,
              until,
              ...(one.underTest === running ? { isRepetition: true as const } : {}),
              of,
            }))
          : [];
      });
      const results = await environment.run(turns);
      signal?.throwIfAborted();
      return started.map((one, index): Tried => {
        if (!("underTest" in one)) return one;
        const ran = turns.flatMap(({ of, route, check }, at) => {
          const result = results[at];
          return of === index && result ? [{ route, check, result }] : [];
        });
        const lost = ran.find(({ result }) => result.trace === null);
        return lost ? { notRun: { reason: "trial-not-run", why: lost.result.report.why } } : { ran };
      });
    } finally {
      for (const one of started) if ("underTest" in one && one.underTest !== running) environment.retire(one.underTest);
    }
  };

  return async (experiments) => {
    const first = await attempt(experiments);
    const again = [...first.keys()].filter((index) => "notRun" in first[index]!);
    if (again.length === 0) return first;
    // The running server may be what failed.
    const second = await attempt(again.map((index) => ({ ...experiments[index]!, isRepetition: false })));
    return first.map((tried, index) => second[again.indexOf(index)] ?? tried);
  };
};
