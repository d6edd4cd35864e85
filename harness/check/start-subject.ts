// Starts what is to be checked: one server, or all proxies of a deployment in a row.
import { AuthorError } from "../errors.ts";
import { step } from "../progress.ts";
import { hopOf } from "./build.ts";
import { hopsOf, withVersions } from "./chain/chained.ts";
import { linkChain } from "./chain/link.ts";
import type { InnerPlan, Linking } from "./chain/link.ts";
import type { Build } from "./build.ts";
import { inBuild } from "./in-build.ts";
import { allOf } from "./passage.ts";
import type { CheckedConfig } from "./server.ts";
import { startAccepted, twice } from "./start-accepted.ts";
import type { ServerUnderTest } from "./start-server.ts";

export interface ToStart extends Linking {
  build: Build;
  config: CheckedConfig;
  /** Proxies of the same deployment that it forwards to. */
  inner: readonly InnerPlan[];
  given: string;
}

export interface StartedSubject {
  underTest: ServerUnderTest;
  /** As it was accepted, with the versions of its servers. */
  config: CheckedConfig;
  /** From the one that clients reach. */
  servers: ServerUnderTest[];
}

/** Throws an AuthorError where a server refuses its configuration. */
export const startSubject = async ({ build, config: given, inner, ...more }: ToStart): Promise<StartedSubject> => {
  const { environment, onProgress, signal } = more;
  const start = async (): Promise<Pick<StartedSubject, "underTest" | "config">> => {
    if (inner.length === 0) {
      onProgress(step(`starting ${build.definition.title} with ${more.given}`));
      return startAccepted(environment, build, inBuild(given, build), signal);
    }
    const config = await linkChain(build, given, inner, more);
    signal?.throwIfAborted();
    refuseWithoutRoutes(config);
    onProgress(step(`starting ${hopsOf(config, hopOf(build)).join(", ")} in a row`));
    return { underTest: await twice(() => environment.start(config), signal), config };
  };
  const { underTest, config } = await start();
  const servers = allOf(underTest);
  const versionOf = (hop: string): string | null => servers.find((one) => hopOf(one.build) === hop)?.server.version ?? null;
  return { underTest, config: withVersions(config, versionOf, hopOf(build)), servers };
};

const refuseWithoutRoutes = ({ routes, deployment: { notChecked } }: CheckedConfig): void => {
  const [first] = notChecked.toReversed();
  if (routes.length > 0) return;
  throw new AuthorError(
    first
      ? `${first.place.file}:${first.place.line}: ${first.what} cannot be checked as a part of a chain: ${first.why}`
      : "no route of this deployment leads through its proxies to an application",
  );
};
