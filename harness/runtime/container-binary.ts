import type { Render } from "../define.ts";
import { hopLimits, orFail, running, upstreamAt } from "./container-hop.ts";
import type { Site } from "./container-hop.ts";
import type { Container } from "./engine.ts";
import { accepting, problemIn, refused, titleOf, versionIn } from "./hop.ts";
import type { BinaryPlan } from "./hop.ts";
import { ensureImage, ensurePulled, recipeOf } from "./images.ts";
import type { RunningServer } from "./runtime.ts";
import type { TarEntry } from "./tar.ts";
import { clocked, proveClocked } from "./time/clock.ts";
import { shared } from "./yard.ts";

/** What a server needs that begins as root and gives it up; the engine's defaults but for raw sockets, device nodes and audit records. */
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

/** For a configuration that was not made for Hopwise: it gets a network namespace to itself. */
export interface OwnNetwork {
  /** Addresses of the lab by the names that the configuration has for its upstreams. */
  names: Record<string, string>;
  /** Where the configuration listens. */
  listenPort: number;
}

export const startBinaryHop = async (site: Site, plan: BinaryPlan, upstreamPort: number, own?: OwnNetwork): Promise<RunningServer> => {
  const { engine, yard, onProgress } = site;
  const { definition, settings } = plan;
  const base = await (plan.image === null
    ? ensureImage(engine, recipeOf(definition, plan.version), onProgress)
    : ensurePulled(engine, plan.image, onProgress));
  const { image, environment } = await clocked(engine, base, plan, onProgress);
  const number = yard.nextPort();
  const port = own?.listenPort ?? number;
  const folder = `${shared}/hops/${number}-${plan.hop.replace(/[^\w.-]+/g, "-")}`;
  const render: Render = {
    upstream: new URL(upstreamAt(upstreamPort)),
    options: settings.options ?? {},
    listenPort: port,
    folder,
    contained: true,
  };
  const files = Object.entries(definition.files(render)).map(([name, body]): TarEntry => ({
    name: `${folder}/${name}`,
    kind: "file",
    body,
  }));
  await yard.put([{ name: folder, kind: "folder", mode: 0o777 }, ...files]);
  const start = (args: string[]): Promise<Container> =>
    site.start({
      title: titleOf(plan),
      image,
      entrypoint: [definition.binary, ...args],
      environment,
      folder,
      volume: { name: site.network, target: shared, isReadOnly: false },
      capabilities: ordinary,
      ...hopLimits,
      ...(own ? { network: site.network, extraHosts: own.names } : { network: `container:${yard.id}` }),
    });
  const container = await start(definition.args(render));
  const address = { host: own ? container.addressOn(site.network) : yard.address, port };
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
        accepting(site.lab, plan, address, container.lines),
        proveClocked(container, plan),
      ]);
      return versionIn(definition, text);
    },
    explain,
  );
  return running(site, plan, container, address, version);
};

/** What the server itself says when it is only asked to check its configuration, in another container; null if it finds nothing. */
const checked = async (
  start: (args: string[]) => Promise<Container>,
  { definition }: BinaryPlan,
  render: Render,
): Promise<string | null> => {
  if (!definition.check) return null;
  const container = await start(definition.check.args(render));
  const how = await container.exited;
  const lines = container.lines.last(100);
  await container.stop();
  return problemIn(definition, lines, render) ?? (how === "exit code 0" ? null : lines.slice(-5).join(" | "));
};

/** Asked once per image. */
const versions = new Map<string, Promise<string>>();

/** Empty if it ends meanwhile, which is told elsewhere. */
const versionOf = (image: string, container: Container, { binary, version }: BinaryPlan["definition"]): Promise<string> => {
  const known = versions.get(image) ?? container.run([binary, ...version.args]);
  versions.set(image, known);
  return known.catch(() => {
    versions.delete(image);
    return "";
  });
};
