// A server with the user's own configuration, unmodified and untrusted: in its own container and network namespace without a route out.
// Its upstreams' names and addresses lead to the lab.
import { isIPv4 } from "node:net";
import type { BinaryServer } from "../define.ts";
import type { ConfiguredPlan } from "./configured-plan.ts";
import { ordinary } from "./container-binary.ts";
import { hopLimits, orFail, running } from "./container-hop.ts";
import type { Site } from "./container-hop.ts";
import type { Container } from "./engine-container.ts";
import { accepting, versionIn } from "./hop.ts";
import type { BinaryPlan } from "./hop.ts";
import { ensureImage, ensurePulled, recipeOf } from "./images.ts";
import type { Recipe } from "./images.ts";
import { isFixed, isLoopback, redirect } from "./redirect.ts";
import { AuthorError } from "../errors.ts";
import type { RunningServer } from "./runtime.ts";
import { socketFolder, socketsOf } from "./run-network.ts";
import type { TarEntry } from "./tar.ts";
import { clocked, proveClocked } from "./time/clock.ts";
import { datesApartMs, refuseUnlessFaster } from "./time/rate.ts";

export interface ConfiguredServer extends RunningServer {
  image: string;
  /** Makes it reload its configuration. */
  reload: () => Promise<void>;
}

const withPackages = (recipe: Recipe, packages: readonly string[]): Recipe => ({ ...recipe, packages: [...recipe.packages, ...packages] });

/** `lab`: its address, on which the upstreams are scripted, on the ports in the configuration. */
export const startConfigured = async (site: Site, plan: ConfiguredPlan, lab: string): Promise<ConfiguredServer> => {
  const { engine, onProgress } = site;
  const { definition } = plan;
  const image = await (plan.image === null
    ? ensureImage(engine, withPackages(recipeOf(definition, plan.version), plan.packages), onProgress)
    : ensurePulled(engine, plan.image, onProgress));
  const fixed = plan.upstreams.filter(({ host }) => isFixed(host));
  const known = [...plan.upstreams.map(({ host }) => host), ...plan.hosts].filter((name) => !isFixed(name));
  const names = Object.fromEntries(known.map((name) => [name, plan.places?.get(name) ?? lab]));
  const asBinary: BinaryPlan = {
    kind: "binary",
    hop: plan.hop,
    definition,
    variant: "default",
    settings: definition.variants.default,
    image: plan.image,
    version: plan.version,
    timeScale: plan.timeScale,
  };
  const { image: clockedImage, environment } = await clocked(engine, image, asBinary, onProgress);
  const container = await site.start({
    title: `The server with your configuration (${definition.title})`,
    image: clockedImage,
    entrypoint: [definition.binary, ...plan.args],
    environment,
    network: site.network,
    extraHosts: names,
    files: [...plan.entries, ...linksTo(plan)],
    // An image of the user's may have no tar.
    unpacksItself: plan.image === null,
    ...(plan.sockets.length > 0 ? { volume: { name: socketsOf(site.network), target: socketFolder, isReadOnly: true } } : {}),
    capabilities: ordinary,
    sysctls: sysctlsFor(plan, fixed),
    ...hopLimits,
  });
  const host = container.addressOn(site.network);
  const version = await orFail(
    asBinary,
    container,
    async () => {
      const [text] = await Promise.all([
        versionText(image, container, definition),
        redirect(site, container, plan, fixed, lab),
        isProven(plan, clockedImage) ? null : proveClocked(container, asBinary),
        ...plan.ports.map((port) => accepting(site.lab, asBinary, { host, port }, container.lines)),
      ]);
      await proveFaster(site, plan, clockedImage, host);
      return versionIn(definition, text);
    },
    async () => refusal(plan, container.lines.last(100)),
  );
  return {
    ...running(site, asBinary, container, { host, port: plan.ports[0] ?? 0 }, version),
    image,
    reload: () => container.signal("SIGHUP"),
  };
};

const linksTo = ({ sockets }: ConfiguredPlan): TarEntry[] =>
  sockets.map(({ path, name }) => ({ name: path, kind: "link", target: `${socketFolder}/${name}` }));

/** By image and command: each image is asked once, since a program started in a container takes as long as the container's own start. */
const versions = new Map<string, string>();

/** The suspects depend on the version, so a failing engine call is repeated. */
const versionText = async (image: string, container: Container, { binary, version }: BinaryServer): Promise<string> => {
  const command = [binary, ...version.args];
  const key = [image, ...command].join("\0");
  const ask = (): Promise<string> => container.run(command);
  const text =
    versions.get(key) ??
    (await ask()
      .catch(ask)
      .catch(() => ""));
  if (text !== "") versions.set(key, text);
  return text;
};

/** By image, time scale and command, which decide whether the clock runs faster: each is verified once. */
const faster = new Set<string>();

const clockOf = ({ timeScale, definition, args }: ConfiguredPlan, image: string): string =>
  [image, timeScale, definition.binary, ...args].join("\0");

const isProven = (plan: ConfiguredPlan, image: string): boolean => plan.timeScale === 1 || faster.has(clockOf(plan, image));

const proveFaster = async ({ lab }: Site, plan: ConfiguredPlan, image: string, host: string): Promise<void> => {
  const { timeScale, ports, definition } = plan;
  if (isProven(plan, image)) return;
  const dates = await lab.ask("dates", { host, ports, apartMs: datesApartMs(timeScale) });
  refuseUnlessFaster(`The server with your configuration (${definition.title})`, dates, timeScale);
  faster.add(clockOf(plan, image));
};

/** The server's own message, with the user's file names. */
const refusal = ({ definition, paths }: ConfiguredPlan, lines: string[]): AuthorError | null => {
  const pattern = definition.check?.problem;
  const line = pattern && lines.find((one) => pattern.test(one));
  if (!line) return null;
  let words = line.trim();
  for (const [target, path] of paths) words = words.replaceAll(target, path);
  return new AuthorError(`${definition.title} refuses the configuration: ${words}`);
};

/** For its own network namespace: the server starts to listen before its addresses are added. */
const sysctlsFor = ({ resolvers, addresses }: ConfiguredPlan, fixed: readonly { host: string }[]): Record<string, string> => ({
  ...([...fixed, ...resolvers].some(({ host }) => isLoopback(host)) ? { "net.ipv4.conf.all.route_localnet": "1" } : {}),
  ...(addresses.some((address) => isIPv4(address)) ? { "net.ipv4.ip_nonlocal_bind": "1" } : {}),
  ...(addresses.some((address) => address.startsWith("[")) ? { "net.ipv6.ip_nonlocal_bind": "1" } : {}),
});
