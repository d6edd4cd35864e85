// `hopwise timeouts` on files of a test's own, without the command line.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openCatalog } from "../../../harness/catalog/catalog.ts";
import type { TimeLimit } from "../../../harness/model/time-limit.ts";
import type { ChainTimeouts, TimeoutsReport } from "../../../harness/report/timeouts-report.ts";
import { timeoutsReport } from "../../../harness/timeouts/report.ts";

export interface Asked {
  platforms?: string[];
  files?: Record<string, string>;
  path?: string;
  env?: Record<string, string>;
}

export const timeoutsOf = async (
  given: string | null,
  { platforms = [], files = {}, path, env = {} }: Asked = {},
): Promise<TimeoutsReport> => {
  const cwd = await mkdtemp(join(tmpdir(), "hopwise-timeouts-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(cwd, name)), { recursive: true });
      await writeFile(join(cwd, name), text);
    }
    return await timeoutsReport(given, platforms, {
      catalog: openCatalog(),
      version: "0",
      cwd,
      env,
      ...(path === undefined ? {} : { path }),
    });
  } finally {
    await rm(cwd, { recursive: true });
  }
};

/** The sentence that it is refused with. */
export const refusalOf = (given: string | null, asked?: Asked): Promise<string> =>
  timeoutsOf(given, asked).then(
    () => "it was read",
    (error: Error) => (error.name === "AuthorError" || error.name === "ConfigError" ? error.message : `${error.stack}`),
  );

export const onlyChain = ({ chains }: TimeoutsReport): ChainTimeouts => {
  const [chain, other] = chains;
  if (!chain || other) throw new Error(`The report has ${chains.length} chains: ${JSON.stringify(chains.map(({ routes }) => routes))}`);
  return chain;
};

/** `idle-timeout 60000 default of proxy_read_timeout`, or the line that sets it. */
export const said = ({ kind, ms, source }: TimeLimit): string => {
  const from =
    source.from === "configuration"
      ? `${source.file}:${source.line} ${source.directive}`
      : source.from === "variant"
        ? source.directive
        : `${source.from}${"setBy" in source && source.setBy !== null ? ` of ${source.setBy}` : ""}`;
  return `${kind} ${ms} ${from}`;
};
