import { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { Docker } from "./engine.ts";
import { createLines } from "./lines.ts";
import type { Lines } from "./lines.ts";

export const intoLines = (...takers: Lines[]): Writable =>
  new Writable({
    write: (piece: Buffer, _encoding, done) => {
      for (const taker of takers) taker.add(piece);
      done();
    },
  });

type EngineContainer = ReturnType<Docker["getContainer"]>;

/** How long after the end of a program's output the engine may take to know how it ended. */
const exitWithinMs = 5000;

/** Runs another program in a container and returns its output. */
export const runIn = async (container: EngineContainer, command: string[]): Promise<string> => (await outputOf(container, command)).text;

/** The same, and waits for its exit code. Null: it is not known in time. */
export const runToExitIn = async (container: EngineContainer, command: string[]): Promise<{ code: number | null; text: string }> => {
  const { exec, text } = await outputOf(container, command);
  const until = performance.now() + exitWithinMs;
  for (;;) {
    const { Running, ExitCode } = await exec.inspect();
    if (!Running || performance.now() > until) return { code: ExitCode, text };
    await delay(20);
  }
};

const outputOf = async (container: EngineContainer, command: string[]) => {
  const exec = await container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({});
  const text = createLines();
  container.modem.demuxStream(stream, intoLines(text), intoLines(text));
  await finished(stream, { writable: false });
  return { exec, text: text.last(100).join("\n") };
};

export const removeContainer = (docker: Docker, id: string): Promise<void> => docker.getContainer(id).remove({ force: true, v: true });

/** For removals: another process may have removed it already, or be removing it now. */
export const ignoreGone = (error: unknown): void => {
  const { statusCode } = error as { statusCode?: number };
  if (statusCode !== 404 && statusCode !== 409) throw error;
};
