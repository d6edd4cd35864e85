// Finds the container engine. Its client takes half a second to load, so import this file only when it is needed.
import { existsSync } from "node:fs";
import { homedir, networkInterfaces } from "node:os";
import { join } from "node:path";
import { getContainerRuntimeClient } from "testcontainers";
import type { ContainerRuntimeClient } from "testcontainers";

export type Docker = ContainerRuntimeClient["container"]["dockerode"];

export interface Engine {
  docker: Docker;
  /** The host on which published ports are reached. */
  host: string;
  isLocal: boolean;
  /** Aborts pulls and builds. */
  signal?: AbortSignal;
}

export const findEngine = async (withinMs: number): Promise<Engine | null> => {
  // testcontainers' cleanup container would have to be pulled and given the engine's socket. Runs clean up themselves.
  process.env["TESTCONTAINERS_RYUK_DISABLED"] ??= "true";
  if (isBesideEngine()) process.env["TESTCONTAINERS_HOST_OVERRIDE"] ??= "localhost";
  const limit = Promise.withResolvers<null>();
  const timer = setTimeout(() => limit.resolve(null), withinMs);
  const client = await Promise.race([getContainerRuntimeClient().catch(() => null), limit.promise]);
  clearTimeout(timer);
  if (client === null || isAnother(client)) return null;
  const { host } = client.info.containerRuntime;
  return { docker: client.container.dockerode, host, isLocal: host === "localhost" || host === "127.0.0.1" };
};

/** Inside a container, testcontainers may start an unlabeled container of its own to find the engine's host. If the engine's bridge is
 *  here, the host is this machine. */
const isBesideEngine = (): boolean =>
  !process.env["DOCKER_HOST"] &&
  existsSync("/.dockerenv") &&
  "docker0" in networkInterfaces() &&
  !existsSync(join(homedir(), ".testcontainers.properties"));

/** If the engine in DOCKER_HOST does not answer, testcontainers falls back to the local one, which the user did not ask for. */
const isAnother = ({ container }: ContainerRuntimeClient): boolean => {
  const { DOCKER_HOST } = process.env;
  const { socketPath } = container.dockerode.modem as { socketPath?: string };
  return (
    Boolean(DOCKER_HOST) && socketPath !== undefined && DOCKER_HOST !== `unix://${socketPath}` && DOCKER_HOST !== `npipe://${socketPath}`
  );
};
