// The command line, started by bin/hopwise.cjs. Only this file prints, exits, and reads arguments and the environment.
import nodeModule from "node:module";
import { inspect } from "node:util";
import { CommanderError } from "commander";
import { exitCodes } from "./commands/exit-code.ts";
import { createProgram } from "./commands/program.ts";
import type { Screen, Stream } from "./commands/screen.ts";
import { widthFor } from "./report/look.ts";
import { plain } from "./report/text.ts";
import { AuthorError, EnvironmentError } from "./errors.ts";
import { version } from "./version.ts";

// Halves the load time of later runs. Node 20 does not have it; it is refused later.
nodeModule.enableCompileCache?.();

const { NO_COLOR, FORCE_COLOR, TERM } = process.env;

// Despite its type, `isTTY` is undefined if there is no terminal.
const isTerminal = ({ isTTY = false }: { isTTY?: boolean }): boolean => isTTY && TERM !== "dumb";

const streamOf = (stream: NodeJS.WriteStream): Stream => ({
  write: (text) => void stream.write(text),
  terminal: isTerminal(stream),
  width: widthFor(stream.columns),
  color: NO_COLOR ? false : FORCE_COLOR ? FORCE_COLOR !== "0" : isTerminal(stream),
});

const out = streamOf(process.stdout);
const err = streamOf(process.stderr);
// The reader may close the pipe, as in `hopwise list | head`; the exit code still reports the result.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") process.exit(exitCodes.unjudged);
  });

const interruption = new AbortController();
/** A signal to a process group arrives again from each process that forwards it: npm, bin/hopwise.cjs. */
const sameSignalMs = 250;
let interruptedAt = -Infinity;
const interrupt = (): void => {
  const isSame = performance.now() - interruptedAt < sameSignalMs;
  if (isSame) return;
  if (interruption.signal.aborted) process.exit(exitCodes.interrupted);
  interruptedAt = performance.now();
  err.write(`${err.terminal ? "\n" : ""}hopwise: stopping everything it started (press Ctrl-C again to quit immediately)\n`);
  interruption.abort();
};

const stopOnSignals = (): void => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, interrupt);
};

const screen: Screen = { out, err, signal: interruption.signal, version };

let code: number = exitCodes.holds;
const program = createProgram({ screen, version, finish: (found) => (code = found), onSignals: stopOnSignals });

/** One message for a known error, the whole stack for an unknown one. */
const report = (error: unknown): number => {
  // The first error; the other one comes from cleaning up after it.
  if (typeof SuppressedError === "function" && error instanceof SuppressedError) return report(error.suppressed);
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.holds;
    const sentence = error.message
      .replace(/^error: /, "")
      .replace(/\.$/, "")
      .replaceAll("\n", " ");
    if (error.code !== "commander.help") err.write(`hopwise: ${sentence}; see npx hopwise --help\n`);
    return exitCodes.author;
  }
  if (error instanceof AuthorError || error instanceof EnvironmentError) {
    err.write(`hopwise: ${error.message.split("\n").map(plain).join("\n")}\n`);
    return error instanceof AuthorError ? exitCodes.author : exitCodes.unjudged;
  }
  err.write(
    `hopwise: This is a bug in Hopwise (${version}, Node ${process.version}); please report it with the following error:\n${inspect(error)}\n`,
  );
  return exitCodes.unjudged;
};

process.on("uncaughtException", (error) => process.exit(report(error)));

try {
  await program.parseAsync();
} catch (error) {
  code = report(error);
}
// Nothing may keep a finished command alive; wait only until its output is written.
await new Promise((resolve) => process.stdout.write("", resolve));
process.exit(code);
