// The proxies of a deployment that another one forwards to, each with what it runs in.
import type { InnerPlan } from "../check/chain/link.ts";
import { chooseImage } from "../check/image.ts";
import type { InnerSubject } from "../check/read-deployment.ts";
import type { BinaryServer } from "../define.ts";
import { AuthorError } from "../errors.ts";
import type { Engine } from "../runtime/engine.ts";
import type { OnProgress } from "../progress.ts";

export interface Choosing {
  engine: Engine;
  definitionOf: (server: string) => Promise<BinaryServer>;
  onProgress: OnProgress;
}

export const plansOf = async (inner: readonly InnerSubject[], choosing: Choosing): Promise<InnerPlan[]> => {
  const plans: InnerPlan[] = [];
  // One after another, so that an image that two of them run is made once.
  // oxlint-disable-next-line no-await-in-loop
  for (const one of inner) plans.push(await planOf(one, choosing));
  return plans;
};

const planOf = async ({ subject, upstreams, read }: InnerSubject, choosing: Choosing): Promise<InnerPlan> => {
  const { engine, definitionOf, onProgress } = choosing;
  const { server, image, composed } = subject;
  const definition = await definitionOf(server.id);
  const wanted = { image, version: null, isAsked: false, versionOf: server.packaging.versionOf };
  const { why, ...build } = await chooseImage(engine, definition, wanted, onProgress);
  return {
    build: { definition, version: build.version, image: build.image, hop: composed.service },
    why,
    upstreams,
    read,
    inner: await plansOf(composed.inner, choosing),
  };
};

interface OfOneServer {
  image?: string;
  serverVersion?: string;
  keepApp?: boolean;
}

/** What is said of one server cannot be meant of several. */
export const refuseOfOne = (flags: OfOneServer, given: string, services: readonly string[]): void => {
  const flag =
    flags.image !== undefined ? "--image" : flags.serverVersion !== undefined ? "--server-version" : flags.keepApp ? "--keep-app" : null;
  if (flag === null || services.length < 2) return;
  throw new AuthorError(
    `${flag} applies to one proxy, and ${given} has ${services.length} in a row (${services.join(", ")}): add --service, which checks one alone`,
  );
};
