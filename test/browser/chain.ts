// A chain of the catalog in front of the browser's origin, as processes on this machine or in containers.
import { openCatalog } from "../../harness/catalog/catalog.ts";
import type { HopPlan, Scenario } from "../../harness/define.ts";
import type { Address } from "../../harness/lab/protocol.ts";
import { openContainer } from "../../harness/runtime/container.ts";
import type { Engine } from "../../harness/runtime/engine.ts";
import { listenHost } from "../../harness/runtime/runtime.ts";
import type { Runtime } from "../../harness/runtime/runtime.ts";
import { planChain } from "../../harness/session/chain.ts";
import { Instances } from "../../harness/session/instances.ts";
import { openSession } from "../../harness/session/session.ts";
import type { Session } from "../../harness/session/session.ts";
import { openBrowserOrigin } from "./origin.ts";
import type { BrowserOrigin } from "./origin.ts";

let taps = 0;

export interface BrowserChain extends AsyncDisposable {
  /** Without a path. */
  base: string;
  /** Of the hop nearest the browser. */
  reload?: () => Promise<void>;
  /** The versions that run. */
  ran: string[];
}

interface Site {
  runtime: Runtime;
  session: Session;
  /** Where a browser of this machine reaches the lab: it is not in the network of a run's containers. */
  lab?: string;
}

/** Where the lab's container reaches this machine. */
export const hostForContainers = async (engine: Engine): Promise<string> => {
  const { IPAM } = await engine.docker.getNetwork("bridge").inspect();
  return IPAM?.Config?.[0]?.["Gateway"] ?? "172.17.0.1";
};

/** Containers for chains, and an origin that their lab reaches on this machine. */
export const openContainerSite = async (engine: Engine): Promise<Site & { origin: BrowserOrigin } & AsyncDisposable> => {
  await using opened = new AsyncDisposableStack();
  const origin = opened.use(await openBrowserOrigin(await hostForContainers(engine)));
  const runtime = opened.use(await openContainer(engine, () => {}));
  const session = opened.use(await openSession(runtime));
  const kept = opened.move();
  return { runtime, session, lab: runtime.labFromHere(), origin, [Symbol.asyncDispose]: () => kept.disposeAsync() };
};

export const openChain = async (
  { runtime, session, lab = "127.0.0.1" }: Site,
  chain: readonly HopPlan[],
  origin: Address,
): Promise<BrowserChain> => {
  const instances = new Instances(runtime, session.sampler, origin);
  const tap = `client-of-this-machine-${(taps += 1)}`;
  try {
    const scenario: Scenario = { title: "a page", chain: [{ app: "sse" }, ...chain], trial: { kind: "paced" }, must: { end: "complete" } };
    const { servers } = await planChain(openCatalog(), "page", scenario);
    instances.reserve(servers);
    const { instances: started } = await instances.start(servers);
    const last = started.at(-1)?.running;
    if (!last) throw new Error("a chain has a hop");
    const listen = { host: listenHost(runtime), port: 0 };
    const { port } = await runtime.lab.ask("open-tap", { id: tap, target: last.address, listen });
    return {
      base: `http://${lab}:${port}`,
      ...(last.reload ? { reload: last.reload } : {}),
      ran: started.map(({ running }) => running.version),
      [Symbol.asyncDispose]: async () => {
        await runtime.lab.ask("close-tap", { id: tap });
        await instances[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await instances[Symbol.asyncDispose]();
    throw error;
  }
};
