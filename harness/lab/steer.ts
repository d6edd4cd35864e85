// The steering side of a lab: commands by number over any two-way stream.
import type { Duplex } from "node:stream";
import { WorldError } from "../runtime/runtime.ts";
import { frameChannel } from "./channel.ts";
import type { Lab, LabCommand, LabCommands } from "./protocol.ts";

export interface SteerOptions {
  /** Where hops find the lab. */
  host: string;
  /** What a lab that listens on a port was given as HOPWISE_LAB_SECRET; none for a lab on a pipe. */
  secret?: string;
  /** Resolves when the lab's process or container has ended, with how in a few words (exit code or signal, last words). Asked for
   *  once, when the connection is gone. */
  onExit?: () => Promise<string>;
}

interface Waiting {
  resolve: (answer: never) => void;
  reject: (error: Error) => void;
}

/** How long a lab that was told to end may take before its connection is cut. */
const farewellMs = 2000;

export const steerLab = (duplex: Duplex, { host, secret, onExit }: SteerOptions): Lab => {
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  let ended: string | null = null;
  let isTold = false;
  const closed = Promise.withResolvers<void>();
  let exit: Promise<string> | undefined;
  const exited = async (): Promise<string> => (exit ??= onExit?.() ?? Promise.resolve(""));
  const died = Promise.withResolvers<string>();

  const onClosed = async (fault: string | null): Promise<void> => {
    ended = "The lab has ended";
    closed.resolve();
    const how = isTold ? null : await exited();
    const details = [how, fault].filter((detail) => detail !== null && detail !== "");
    if (!isTold) ended = `The lab ended before it was told to${details.length === 0 ? "" : `: ${details.join("; ")}`}`;
    for (const { reject } of waiting.values()) reject(new WorldError(ended));
    waiting.clear();
    if (!isTold) died.resolve(ended);
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
      // How it ended is known a moment after it did.
      if (ended !== null)
        return (isTold ? closed.promise.then(() => ended) : died.promise).then((how) => Promise.reject(new WorldError(how ?? "")));
      const id = nextId++;
      const answer = Promise.withResolvers<LabCommands[C]["answer"]>();
      waiting.set(id, answer);
      channel.send({ id, command, order });
      return answer.promise;
    },
    [Symbol.asyncDispose]: async () => {
      if (!isTold) {
        isTold = true;
        channel.end();
        const cut = setTimeout(() => channel.destroy(), farewellMs);
        await closed.promise;
        clearTimeout(cut);
      }
      await exited();
    },
  };
};
