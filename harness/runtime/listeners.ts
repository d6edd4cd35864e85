// The further listeners of a server with its own binary: one for each protocol that its clients speak besides HTTP/1.1 over TCP.
import type { Listener } from "../define.ts";
import { selfSigned } from "../lab/certificate.ts";
import type { Address } from "../lab/protocol.ts";
import { usualHost } from "../model/usual-host.ts";
import type { BinaryPlan } from "./hop.ts";
import type { RunningServer } from "./runtime.ts";

export const certificateName = "certificate.pem";

let made: string | null = null;

/** One for all servers of this process. */
const certificate = (): string => {
  if (made !== null) return made;
  const { key, cert } = selfSigned(usualHost);
  return (made = key + cert);
};

/** What the server gets to have them, and where clients find them. */
export interface Listening {
  listeners: readonly Listener[];
  /** By their names in the server's folder. */
  files: Record<string, string>;
  /** Where clients reach them, if this is the server's address. */
  at: (address: Address) => Required<Pick<RunningServer, "listeners">>;
  /** Not every server opens all of its ports at once. */
  accepting: (address: Address, isAccepting: (one: Address) => Promise<void>) => Promise<unknown>;
}

export const listening = async ({ listeners = [] }: BinaryPlan, freePort: () => number | Promise<number>): Promise<Listening> => {
  const ports: Listener[] = [];
  for (const protocol of listeners) ports.push({ protocol, port: await freePort() });
  return {
    listeners: ports,
    files: ports.length > 0 ? { [certificateName]: certificate() } : {},
    at: (address) => ({ listeners: new Map(ports.map(({ protocol, port }) => [protocol, { ...address, port }])) }),
    accepting: (address, isAccepting) => Promise.all([address, ...ports.map(({ port }) => ({ ...address, port }))].map(isAccepting)),
  };
};
