import { Writable } from "node:stream";
import { finished } from "node:stream/promises";
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

/** Runs another program in a container. */
export const runIn = async (
  container: ReturnType<Docker["getContainer"]>,
  command: string[],
): Promise<{ code: number | null; text: string }> => {
  const exec = await container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({});
  const text = createLines();
  container.modem.demuxStream(stream, intoLines(text), intoLines(text));
  await finished(stream, { writable: false });
  const { ExitCode: code } = await exec.inspect();
  return { code, text: text.last(100).join("\n") };
};

export const removeContainer = (docker: Docker, id: string): Promise<void> => docker.getContainer(id).remove({ force: true, v: true });

/** For removals: another process may have removed it already, or be removing it now. */
export const ignoreGone = (error: unknown): void => {
  const { statusCode } = error as { statusCode?: number };
  if (statusCode !== 404 && statusCode !== 409) throw error;
};
