import { forHop } from "../progress.ts";
import { hopName } from "./hop-name.ts";
import type { Render } from "../define.ts";
import { catalogLimits, orFail, running, upstreamAt } from "./container-hop.ts";
import type { Site } from "./container-hop.ts";
import type { Container } from "./engine-container.ts";
import { endedWell } from "./exit.ts";
import { accepting, problemIn, refused, reloading, titleOf, versionIn } from "./hop.ts";
import type { BinaryPlan } from "./hop.ts";
import { ensureImage, ensurePulled, recipeOf } from "./images.ts";
import { certificateName, listening } from "./listeners.ts";
import type { Listening } from "./listeners.ts";
import type { RunningServer } from "./runtime.ts";
import type { TarEntry } from "./tar.ts";
import { clocked, proveClocked } from "./time/clock.ts";
import type { Clocked } from "./time/clock.ts";
import { shared } from "./holder.ts";

/** The engine's default capabilities without raw sockets, device nodes and audit records: enough for a server that starts as root. */
export const ordinary = [
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "NET_BIND_SERVICE",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
];

/** For a configuration that was not written for Hopwise: it gets its own network namespace. */
export interface OwnNetwork {
  /** Addresses of the lab, by the names of the configuration's upstreams. */
  names: Record<string, string>;
  /** Where the configuration listens. */
  listenPort: number;
}

const imageOf = async ({ engine, ...site }: Site, plan: BinaryPlan): Promise<Clocked> => {
  const onProgress = forHop(site.onProgress, hopName(plan));
  const base = await (plan.image === null
    ? ensureImage(engine, recipeOf(plan.definition, plan.version), onProgress)
    : ensurePulled(engine, plan.image, onProgress));
  return clocked(engine, base, plan, onProgress);
};

/** Puts its files into the volume. */
const placeIn = async (
  holder: Site["holder"],
  plan: BinaryPlan,
  number: number,
  { port, upstreamPort }: { port: number; upstreamPort: number },
): Promise<{ folder: string; render: Render; further: Listening }> => {
  const folder = `${shared}/hops/${number}-${plan.hop.replace(/[^\w.-]+/g, "-")}`;
  const further = await listening(plan, holder.nextPort);
  const render: Render = {
    upstream: new URL(upstreamAt(upstreamPort)),
    options: plan.settings.options ?? {},
    listenPort: port,
    listeners: further.listeners,
    certificate: `${folder}/${certificateName}`,
    folder,
    contained: true,
  };
  const files = Object.entries({ ...further.files, ...plan.definition.files(render) }).map(([name, body]): TarEntry => ({
    name: `${folder}/${name}`,
    kind: "file",
    body,
  }));
  await holder.put([{ name: folder, kind: "folder", mode: 0o777 }, ...files]);
  return { folder, render, further };
};

export const startBinaryHop = async (site: Site, plan: BinaryPlan, upstreamPort: number, own?: OwnNetwork): Promise<RunningServer> => {
  const { holder } = site;
  const { definition } = plan;
  const { image, environment } = await imageOf(site, plan);
  const number = holder.nextPort();
  const port = own?.listenPort ?? number;
  const { folder, render, further } = await placeIn(holder, plan, number, { port, upstreamPort });
  const start = (args: string[]): Promise<Container> =>
    site.start({
      title: titleOf(plan),
      image,
      entrypoint: [definition.binary, ...args],
      environment: { ...definition.environment?.(render), ...environment },
      folder,
      volume: { name: site.network, target: shared, isReadOnly: false },
      capabilities: ordinary,
      ...catalogLimits,
      ...(own ? { network: site.network, extraHosts: own.names } : { network: `container:${holder.id}` }),
    });
  const container = await start(definition.args(render));
  const address = { host: own ? container.addressOn(site.network) : holder.address, port };
  const explain = async (): Promise<Error | null> => {
    const problem = problemIn(definition, container.lines.last(100), render) ?? (await checked(start, plan, render));
    return problem === null ? null : refused(plan, problem);
  };
  const version = await orFail(
    plan,
    container,
    async () => {
      const [text] = await Promise.all([
        versionOf(image, container, definition),
        further.accepting(address, (one) => accepting(site.lab, plan, one, container.lines)),
        proveClocked(container, plan),
      ]);
      return versionIn(definition, text);
    },
    explain,
  );
  const { reload } = definition;
  return {
    ...running(site, plan, container, address, version),
    ...further.at(address),
    ...reloading(reload, {
      signal: container.signal,
      run: container.succeed,
      render,
    }),
  };
};

/** The server's own configuration check, in another container; null if it finds no problem. */
const checked = async (
  start: (args: string[]) => Promise<Container>,
  { definition }: BinaryPlan,
  render: Render,
): Promise<string | null> => {
  if (!definition.check) return null;
  const container = await start(definition.check.args(render));
  const exit = await container.exited;
  const lines = container.lines.last(100);
  await container.stop();
  return problemIn(definition, lines, render) ?? (endedWell(exit) ? null : lines.slice(-5).join(" | "));
};

/** Each question is asked once per image. */
const versions = new Map<string, Promise<string>>();

/** Empty if the container ends meanwhile, which is reported elsewhere. */
const versionOf = (image: string, container: Container, { binary, version }: BinaryPlan["definition"]): Promise<string> => {
  const key = JSON.stringify([image, ...version.args]);
  const known = versions.get(key) ?? container.run([binary, ...version.args]);
  versions.set(key, known);
  return known.catch(() => {
    versions.delete(key);
    return "";
  });
};
