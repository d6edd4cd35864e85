// One service of the user's own application: its plan, and when it is ready.
import { setTimeout as delay } from "node:timers/promises";
import type { ImageSpec } from "./application-image.ts";
import type { Site } from "./container-hop.ts";
import type { Container } from "./engine-container.ts";
import { endedWell, wordsOfExit } from "./exit.ts";
import type { Exit } from "./exit.ts";
import { lastWords } from "./lines.ts";
import { EnvironmentError } from "../errors.ts";
import type { TarEntry } from "./tar.ts";

/** One service, as its deployment defines it. */
export interface ServicePlan extends ImageSpec {
  entrypoint: string[] | null;
  command: string[] | null;
  environment: Record<string, string>;
  folder: string | null;
  user: string | null;
  /** Its names on the network. */
  aliases: string[];
  /** Copies of what it mounts. */
  files: TarEntry[];
  volumes: { target: string; isEmpty: boolean }[];
  /** Services that must start first: until they listen, or until they have ended with exit code 0. */
  after: { service: string; until: "listening" | "ended" }[];
  /** The ports it listens on; empty: those that its image exposes. */
  ports: number[];
}

/** Long enough for an application that first imports, compiles or migrates something. */
const listensWithinMs = 30_000;
const endsWithinMs = 120_000;

export const titleOf = ({ service, at }: ServicePlan): string => `Your service ${service} (${at})`;

export const endedOf = (plan: ServicePlan, { lines }: Container, exit: Exit): EnvironmentError =>
  new EnvironmentError(`${titleOf(plan)} ended by itself with ${wordsOfExit(exit)}.${lastWords(lines)}`);

/** The proxy forwards to it, so it must listen. */
export const isListening = async (
  site: Site,
  plan: ServicePlan,
  container: Container,
  address: { host: string; port: number },
): Promise<void> => {
  const ended = container.exited.then((exit): never => {
    throw endedOf(plan, container, exit);
  });
  const answer = site.lab.ask("await-port", { address, withinMs: listensWithinMs }).catch((cause: Error): never => {
    throw new EnvironmentError(
      `${titleOf(plan)} did not listen on port ${address.port}, to which the proxy forwards, within ${listensWithinMs / 1000} s. Make it listen on 0.0.0.0, not only on 127.0.0.1.${lastWords(container.lines)}`,
      { cause },
    );
  });
  await Promise.race([answer, ended]);
};

/** A service that others depend on; it need not listen at all. */
export const mayListen = async (plan: ServicePlan, site: Site, container: Container, host: string, image: string): Promise<void> => {
  const ports = plan.ports.length > 0 ? plan.ports : await exposedBy(site, image);
  if (ports.length === 0) return;
  const answers = ports.map((port) => site.lab.ask("await-port", { address: { host, port }, withinMs: listensWithinMs }));
  const exit = await Promise.race([
    Promise.any(answers).then(
      () => null,
      () => null,
    ),
    container.exited,
  ]);
  if (exit !== null && !endedWell(exit)) throw endedOf(plan, container, exit);
};

/** For example a migration that later services need. */
export const hasEnded = async (plan: ServicePlan, container: Container): Promise<void> => {
  const limit = new AbortController();
  const exit = await Promise.race([container.exited, delay(endsWithinMs, null, { signal: limit.signal })]).finally(() => limit.abort());
  if (exit === null)
    throw new EnvironmentError(
      `${titleOf(plan)} must end before other services start, but did not end within ${endsWithinMs / 1000} s.${lastWords(container.lines)}`,
    );
  if (!endedWell(exit)) throw endedOf(plan, container, exit);
};

const exposedBy = async ({ engine }: Site, image: string): Promise<number[]> => {
  const { Config } = await engine.docker.getImage(image).inspect();
  return Object.keys(Config.ExposedPorts ?? {}).flatMap((port) => (port.endsWith("/udp") ? [] : [Number.parseInt(port, 10)]));
};
