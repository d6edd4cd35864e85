// Runs one part in its own process: `fork("_part-process.ts", ["tap"])`.
import type { Figure } from "./_figure.ts";
import { Skipped } from "./_figure.ts";
import { isPart, parts } from "./_parts.ts";

export type PartMessage =
  | { kind: "progress"; text: string }
  | { kind: "figures"; figures: Figure[] }
  | { kind: "skipped" | "failed"; why: string };

const tell = (message: PartMessage): Promise<void> =>
  new Promise((resolve, reject) => {
    if (process.send) process.send(message, (error: Error | null) => (error ? reject(error) : resolve()));
    else reject(new Error("There is no parent process: run parts with bench/main.ts"));
  });

const resultOf = async (name: string): Promise<PartMessage> => {
  try {
    if (!isPart(name)) throw new Error(`There is no part "${name}"`);
    const { measure } = await parts[name].load();
    return { kind: "figures", figures: await measure((text) => void tell({ kind: "progress", text })) };
  } catch (error) {
    if (error instanceof Skipped) return { kind: "skipped", why: error.message };
    return { kind: "failed", why: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
};

// The parent process is gone, so the result is not needed.
process.on("disconnect", () => process.exit());
await tell(await resultOf(process.argv[2] ?? ""));
process.exit();
