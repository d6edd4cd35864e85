// A chain of the catalog in front of the browser's origin, as processes on this machine.
import { openCatalog } from "../../harness/catalog/catalog.ts";
import type { HopPlan, Scenario } from "../../harness/define.ts";
import type { Runtime } from "../../harness/runtime/runtime.ts";
import { planChain } from "../../harness/session/chain.ts";
import { Instances } from "../../harness/session/instances.ts";
import type { Session } from "../../harness/session/session.ts";

export interface BrowserChain extends AsyncDisposable {
  /** Without a path. */
  base: string;
}

/** `port`: where the origin listens. */
export const openChain = async (runtime: Runtime, session: Session, chain: readonly HopPlan[], port: number): Promise<BrowserChain> => {
  const instances = new Instances(runtime, session.sampler, { host: "127.0.0.1", port });
  try {
    const scenario: Scenario = { title: "a page", chain: [{ app: "sse" }, ...chain], trial: { kind: "paced" }, must: { end: "complete" } };
    const { servers } = await planChain(openCatalog(), "page", scenario);
    instances.reserve(servers);
    const { instances: started } = await instances.start(servers);
    const { host, port: last } = started.at(-1)?.running.address ?? { host: "127.0.0.1", port };
    return { base: `http://${host}:${last}`, [Symbol.asyncDispose]: () => instances[Symbol.asyncDispose]() };
  } catch (error) {
    await instances[Symbol.asyncDispose]();
    throw error;
  }
};
