// Starts a part in its own process and waits for its figures.
import { fork } from "node:child_process";
import { join } from "node:path";
import type { Figure, Progress } from "./_figure.ts";
import type { PartMessage } from "./_part-process.ts";
import type { PartName } from "./_parts.ts";
import { parts } from "./_parts.ts";

export type PartResult = { figures: Figure[] } | { skipped: string } | { failed: string };

/** How long a part may take to end after it reported its figures, or after its timeout. */
const graceMs = 5000;

export const runPart = (name: PartName, progress: Progress): Promise<PartResult> =>
  new Promise((resolve) => {
    const { limitS } = parts[name];
    const child = fork(join(import.meta.dirname, "_part-process.ts"), [name]);
    const timer = setTimeout(() => end({ failed: `It took longer than ${limitS} s` }), limitS * 1000);
    let result: PartResult | null = null;
    const end = (how: PartResult): void => {
      result ??= how;
      clearTimeout(timer);
      // It stops its children when its parent is gone, and so do they.
      if (child.connected) child.disconnect();
      setTimeout(() => child.kill("SIGKILL"), graceMs).unref();
    };
    child.on("message", (message: PartMessage) => {
      if (message.kind === "progress") progress(message.text);
      else if (message.kind === "figures") end({ figures: message.figures });
      else end(message.kind === "skipped" ? { skipped: message.why } : { failed: message.why });
    });
    child.on("error", ({ message }) => end({ failed: message }));
    child.on("exit", (code, signal) => {
      end({ failed: `Its process ended with ${signal ?? `exit code ${code}`} before it had any figures` });
      if (result) resolve(result);
    });
  });
