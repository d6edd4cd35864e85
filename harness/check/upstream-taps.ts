// Behind every server: a tap for each port that upstreams have, in front of the lab's origin or of an application that is kept, and answers
// to servers that ask for upstreams by name.
import type { ContainerRuntime } from "../runtime/container.ts";
import { standpoints } from "./compose/standing.ts";
import type { KeptApplication } from "./compose/standing.ts";
import type { Configuration } from "./configuration.ts";
import { openTap } from "./tap.ts";

export interface UpstreamTaps extends AsyncDisposable {
  /** Where the lab's origin is found. */
  lab: string;
  namesPort: number;
  /** The id of the tap of an upstream, `host:port`. */
  tapOf: (upstream: string) => Promise<string>;
  /** The address of each upstream by its name. */
  placesOf: (configuration: Configuration) => [name: string, address: string][];
  answerNames: (configuration: Configuration) => Promise<unknown>;
}

const namesPort = 5353;

export const openUpstreamTaps = (runtime: ContainerRuntime, kept: KeptApplication | null): UpstreamTaps => {
  const lab = labAddress(runtime);
  const standpointOf = standpoints(runtime, lab, kept);
  const taps = new Map<string, Promise<string>>();
  let answering: Promise<unknown> | null = null;

  const placesOf = ({ upstreams }: Configuration): [name: string, address: string][] =>
    upstreams.map(({ host, port }) => [host, standpointOf(`${host}:${port}`).listen.host]);

  return {
    lab,
    namesPort,
    placesOf,
    /** One for each port, whatever the upstreams' names; those that are kept have their own. */
    tapOf: (upstream) => {
      const { id, target, listen } = standpointOf(upstream);
      const known = taps.get(id) ?? openTap(runtime, id, target, listen);
      taps.set(id, known);
      return known;
    },
    // A changed copy has the names of what it was made from.
    answerNames: (configuration) =>
      (answering ??= runtime.lab.ask("open-names", {
        listen: { host: lab, port: namesPort },
        names: [...configuration.upstreams, ...(configuration.hosts ?? [])].map(({ host }) => host),
        address: lab,
        others: Object.fromEntries(placesOf(configuration)),
      })),
    [Symbol.asyncDispose]: async () => {
      await Promise.allSettled(Array.from(taps.values(), async (id) => runtime.lab.ask("close-tap", { id: await id })));
    },
  };
};

/** An address of the lab's that nothing else of it listens on, where the engine lets it have one. */
const labAddress = (runtime: ContainerRuntime): string => {
  try {
    return runtime.address(1);
  } catch {
    return runtime.address(0);
  }
};
