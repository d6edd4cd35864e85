// The client side of the lab protocol: commands by number over any duplex stream.
import type { Duplex } from "node:stream";
import { EnvironmentError } from "../errors.ts";
import { frameChannel } from "../lab/channel.ts";
import type { Lab, LabCommand, LabCommands } from "../lab/protocol.ts";

export interface SteerOptions {
  /** The address of the lab for the hops. */
  host: string;
  /** HOPWISE_LAB_SECRET of a lab that listens on a port; none for a lab on a pipe. */
  secret?: string;
  /** Resolves when the lab's process or container has ended, with its exit code or signal and its last output. Called when the connection is
   *  gone. */
  onExit?: () => Promise<string>;
}

interface Waiting {
  resolve: (answer: never) => void;
  reject: (error: Error) => void;
}

/** How long the lab may take to end before its connection is closed. */
const farewellMs = 2000;

export const steerLab = (duplex: Duplex, { host, secret, onExit }: SteerOptions): Lab => {
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  let ended: string | null = null;
  let isEnding = false;
  const closed = Promise.withResolvers<void>();
  let exit: Promise<string> | undefined;
  const exited = async (): Promise<string> => (exit ??= onExit?.() ?? Promise.resolve(""));
  const died = Promise.withResolvers<string>();

  const onClosed = async (fault: string | null): Promise<void> => {
    ended = "The lab has ended";
    closed.resolve();
    const how = isEnding ? null : await exited();
    const details = [how, fault].filter((detail) => detail !== null && detail !== "");
    if (!isEnding) ended = `The lab ended unexpectedly${details.length === 0 ? "" : `: ${details.join("; ")}`}`;
    for (const { reject } of waiting.values()) reject(new EnvironmentError(ended));
    waiting.clear();
    if (!isEnding) died.resolve(ended);
  };
  const onFrame = (value: unknown): void => {
    const { id, answer, error } = value as { id: number; answer?: never; error?: string };
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error !== undefined) asked?.reject(new Error(error));
    else asked?.resolve(answer as never);
  };
  const channel = frameChannel(duplex, { onFrame, onClosed: (fault) => void onClosed(fault) });
  if (secret !== undefined) channel.send({ secret });

  return {
    host,
    died: died.promise,
    ask: <C extends LabCommand>(command: C, order: LabCommands[C]["order"]): Promise<LabCommands[C]["answer"]> => {
      // The exit status is known a moment later.
      if (ended !== null)
        return (isEnding ? closed.promise.then(() => ended) : died.promise).then((how) => Promise.reject(new EnvironmentError(how ?? "")));
      const id = nextId++;
      const answer = Promise.withResolvers<LabCommands[C]["answer"]>();
      waiting.set(id, answer);
      channel.send({ id, command, order });
      return answer.promise;
    },
    [Symbol.asyncDispose]: async () => {
      if (!isEnding) {
        isEnding = true;
        channel.end();
        const cut = setTimeout(() => channel.destroy(), farewellMs);
        await closed.promise;
        clearTimeout(cut);
      }
      await exited();
    },
  };
};
