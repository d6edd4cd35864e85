// The options of `hopwise run`: valid combinations, and the scenarios they select.
import type { OpenFlag } from "./open-page.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { Entry } from "../catalog/shelf.ts";
import { commandPrefix } from "../session/chain.ts";
import type { Scenario } from "../define.ts";
import type { RuntimeChoice } from "../session/choose-runtime.ts";
import { AuthorError } from "../errors.ts";
import { matching, select } from "./select.ts";
import { standardTrials, watchingTrials } from "./standard-trials.ts";

export interface RunFlags extends OpenFlag {
  runtime: RuntimeChoice;
  reporter: string[];
  grep?: string;
  hop?: string;
  app?: string;
  through?: string[];
  watchSeconds?: number;
  image?: string;
  timeScale?: number;
  concurrency?: number;
  saveTraces?: string;
  allowUnsupported?: boolean;
  applications?: boolean;
  showcase?: boolean;
  shard?: string;
  baseline?: string;
}

/** A command runs on this machine, an image in a container: that decides the runtime if --runtime is absent. */
export const runtimeChoiceOf = ({ runtime, hop, app, through, watchSeconds, image, timeScale = 1 }: RunFlags): RuntimeChoice => {
  if (app === undefined && (through !== undefined || watchSeconds !== undefined))
    throw new AuthorError(`--${through === undefined ? "watch-seconds" : "through"} needs --app <url>, the URL of your application`);
  if (app !== undefined && (runtime === "container" || image !== undefined || timeScale > 1))
    throw new AuthorError(
      `--app needs hops on this machine, but ${image !== undefined ? "--image" : timeScale > 1 ? "--time-scale" : "--runtime container"} runs them on a network without a route out, from which they cannot reach your application: omit it`,
    );
  if (app !== undefined) return "process";
  if (hop !== undefined && image !== undefined)
    throw new AuthorError("--hop runs a command on this machine, --image a server in a container: use only one of them");
  if (hop !== undefined && runtime === "container")
    throw new AuthorError("--hop runs a command on this machine, not in a container: use --runtime process");
  if (image !== undefined && runtime === "process") throw new AuthorError("--image needs containers: use --runtime container");
  if (timeScale > 1 && (hop !== undefined || runtime === "process"))
    throw new AuthorError("--time-scale needs containers, since only there a server's clock can run faster: use --runtime container");
  return hop !== undefined ? "process" : image !== undefined || timeScale > 1 ? "container" : runtime;
};

export const scenariosOf = async (catalog: Catalog, what: readonly string[], flags: RunFlags): Promise<Entry<Scenario>[]> => {
  const { hop, grep, showcase, applications, app } = flags;
  if (app !== undefined) return applicationScenarios(catalog, what, flags);
  if (hop === undefined) return select(catalog, { what, grep, showcase, applications });
  if (hop.trim() === "")
    throw new AuthorError('--hop needs a command that listens on PORT and forwards to UPSTREAM, e.g. --hop "node my-proxy.js"');
  if (what.length > 0 || showcase)
    throw new AuthorError(
      `--hop runs the standard trials through your command alone; it cannot be combined with ${what.length > 0 ? "named scenarios" : "--showcase"}`,
    );
  const trials = standardTrials(hop);
  return grep === undefined ? trials : matching(trials, grep);
};

/** The hops come from the command line or from scenarios. */
const applicationScenarios = async (
  catalog: Catalog,
  what: readonly string[],
  { hop, through = [], grep, showcase }: RunFlags,
): Promise<Entry<Scenario>[]> => {
  const ways = [hop !== undefined && "--hop", through.length > 0 && "--through", (what.length > 0 || showcase) && "scenarios"].filter(
    Boolean,
  );
  if (ways.length !== 1)
    throw new AuthorError(
      `--app needs hops from one source, ${ways.length === 0 ? "but none is given" : `but ${ways.join(" and ")} are given`}: use --hop "node my-proxy.js", or --through nginx:gzip (repeatable, from origin to client), or scenarios with the hops`,
    );
  if (what.length > 0 || showcase) return select(catalog, { what, grep, showcase });
  if ([hop, ...through].some((one) => one?.trim() === "")) throw new AuthorError(`${hop === undefined ? "--through" : "--hop"} is empty`);
  const trials = watchingTrials(hop === undefined ? through : [`${commandPrefix}${hop}`]);
  return grep === undefined ? trials : matching(trials, grep);
};
