// The lab program. It is controlled over file descriptor HOPWISE_LAB_FD, or over one connection to HOPWISE_LAB_PORT whose peer sends
// HOPWISE_LAB_SECRET, and it ends as soon as that is closed, however its parent ended.
import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, Socket } from "node:net";
import { setPriority } from "node:os";
import type { Duplex } from "node:stream";
import { type FrameChannel, frameChannel } from "./channel.ts";
import { frameLimits } from "./frames.ts";
import { openLab, type OpenLab } from "./lab.ts";
import type { LabCommand, LabCommands } from "./protocol.ts";

interface Message {
  id: number;
  command: LabCommand;
  order: LabCommands[LabCommand]["order"];
}

const exitCode = { ended: 0, failed: 70 } as const;
/** The time for a peer to send the secret. */
const strangerLimits = { jsonBytes: 4096, blobBytes: 0 };
const strangerMs = 5000;
/** A lab that no one controls must not stay forever. */
const lonelyMs = 60_000;

/** The measuring process should not wait for the measured ones. Without the permission it does, and the control shows it. */
const goFirst = (): void => {
  try {
    setPriority(-15);
  } catch {}
};

const fail = (error: unknown): never => {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const where = /\(?([^\s(]+:\d+:\d+)\)?/.exec(stack?.slice(stack.indexOf("\n    at")) ?? "")?.[1];
  process.stderr.write(`The lab failed: ${message}${where === undefined ? "" : ` (${where})`}\n`);
  process.exit(exitCode.failed);
};

const obey = async (lab: OpenLab, channel: FrameChannel, { id, command, order }: Message): Promise<void> => {
  try {
    channel.send({ id, answer: await lab.do(command, order) });
  } catch (error) {
    channel.send({ id, error: error instanceof Error ? error.message : String(error) });
  }
};

const serve = (lab: OpenLab, duplex: Duplex): void => {
  const channel = frameChannel(duplex, { onFrame: (message) => void obey(lab, channel, message as Message), onClosed: ended });
};

const ended = (fault: string | null): void => (fault === null ? process.exit(exitCode.ended) : fail(fault));

/** Accepts connections until one has sent the secret. */
const listen = (lab: OpenLab, port: number, secret: string): void => {
  let isSteered = false;
  const lonely = setTimeout(() => fail(`no one connected to it within ${lonelyMs} ms`), lonelyMs);
  const server = createServer({ noDelay: true }, (socket) => {
    const limits = { ...strangerLimits };
    let isTrusted = false;
    const trust = (hello: unknown): void => {
      if (isSteered || !isSecret(hello, secret)) return channel.destroy();
      isSteered = isTrusted = true;
      Object.assign(limits, frameLimits);
      clearTimeout(lonely);
      clearTimeout(timer);
      server.close();
    };
    const channel = frameChannel(
      socket,
      {
        onFrame: (message) => (isTrusted ? void obey(lab, channel, message as Message) : trust(message)),
        onClosed: (fault) => (isTrusted ? ended(fault) : clearTimeout(timer)),
      },
      limits,
    );
    const timer = setTimeout(channel.destroy, strangerMs);
  });
  server.on("error", fail);
  server.listen(port);
};

const isSecret = (hello: unknown, secret: string): boolean => {
  const shown = hello !== null && typeof hello === "object" && "secret" in hello ? String(hello.secret) : "";
  // Equal lengths are needed to compare in constant time.
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(shown), digest(secret));
};

const main = async (): Promise<void> => {
  process.on("uncaughtException", fail);
  const { HOPWISE_LAB_FD: fd, HOPWISE_LAB_PORT: port, HOPWISE_LAB_SECRET: secret } = process.env;
  goFirst();
  // Ctrl-C reaches the whole process group; the lab ends when its run has the recordings.
  process.on("SIGINT", () => {});
  const lab = await openLab();
  if (fd !== undefined) serve(lab, new Socket({ fd: Number(fd), readable: true, writable: true }));
  else if (port !== undefined && secret !== undefined) listen(lab, Number(port), secret);
  else fail("neither HOPWISE_LAB_FD nor HOPWISE_LAB_PORT with HOPWISE_LAB_SECRET is set");
};

main().catch(fail);
