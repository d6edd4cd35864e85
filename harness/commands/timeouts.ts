// `hopwise timeouts`: the strictest timeouts of a chain, and the heartbeat interval that keeps a stream alive. It starts nothing.
import { step } from "../progress.ts";
import { openCatalog } from "../catalog/catalog.ts";
import { AuthorError } from "../errors.ts";
import { inJson } from "../report/check-text.ts";
import { live } from "../report/live.ts";
import { timeoutsPretty } from "../report/timeouts-pretty.ts";
import { timeoutsReport } from "../timeouts/report.ts";
import { readSettings } from "./check-settings.ts";
import { exitCodes } from "./exit-code.ts";
import { pairsOf } from "./pairs.ts";
import type { Screen } from "./screen.ts";

export interface TimeoutsFlags {
  platform?: string[];
  path?: string;
  host?: string;
  service?: string;
  env?: string[];
  upstream?: string[];
  json?: boolean;
}

export const timeoutsCommand = async (given: string | undefined, flags: TimeoutsFlags, { out, err, version }: Screen): Promise<number> => {
  const platforms = (flags.platform ?? []).flatMap((words) => words.split(",")).map((word) => word.trim());
  if (given === undefined && platforms.length === 0)
    throw new AuthorError("hopwise timeouts needs a configuration, a chain or a platform, e.g. npx hopwise timeouts deploy/nginx.conf");
  const settings = await readSettings(process.cwd());
  const status = live(err);
  status.progress(step(`reading ${given ?? platforms.join(", ")}`));
  const report = await timeoutsReport(given ?? null, platforms, {
    catalog: openCatalog(),
    version,
    cwd: process.cwd(),
    env: pairsOf("--env", flags.env),
    upstreams: pairsOf("--upstream", flags.upstream),
    ...routeOf({ ...settings, ...flags }),
  }).finally(status.clear);
  const [unused] = (["path", "host", "service", "env", "upstream"] as const).filter((flag) => flags[flag] !== undefined);
  if (unused !== undefined && report.chains.every(({ routes }) => routes.length === 0))
    throw new AuthorError(`--${unused} is for a configuration, and there is none in ${given ?? platforms.join(",")}`);
  out.write(flags.json ? inJson(report) : timeoutsPretty(report, out));
  return report.chains.some(({ unknown }) => unknown.length > 0) ? exitCodes.unjudged : exitCodes.holds;
};

const routeOf = ({
  path,
  host,
  service,
}: Pick<TimeoutsFlags, "path" | "host" | "service">): Pick<TimeoutsFlags, "path" | "host" | "service"> => ({
  ...(path === undefined ? {} : { path }),
  ...(host === undefined ? {} : { host }),
  ...(service === undefined ? {} : { service }),
});
