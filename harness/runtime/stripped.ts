// A Node hop's code as an older Node can run it: all files that it needs, types stripped, in a folder of the run.
import { mkdir, realpath, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createClosure, loader } from "./closure.ts";
import type { NodePlan } from "./hop.ts";

export interface Stripped {
  /** The loader that Node gets before the program. */
  loaderFile: string;
  locate: (file: string) => string;
}

/** `main` is the program that hosts the hop. */
export const stripInto = async (folder: string, main: string, { file, middlewares }: NodePlan): Promise<Stripped> => {
  const closure = createClosure(join(folder, "code"));
  const loaderFile = join(folder, "loader.mjs");
  await writeFile(loaderFile, loader);
  for (const entry of await closure.collect([main, file, ...middlewares.map((one) => one.file)])) {
    await mkdir(dirname(entry.name), { recursive: true });
    if (entry.kind === "file") await writeFile(entry.name, entry.body);
    else if (entry.kind === "link") await symlink(entry.target, entry.name);
  }
  return { loaderFile, locate: closure.locate };
};

/** Node asks for a program at its real place. */
export const followLinks = async (plan: NodePlan): Promise<NodePlan> => ({
  ...plan,
  file: await realpath(plan.file),
  middlewares: await Promise.all(plan.middlewares.map(async (one) => ({ ...one, file: await realpath(one.file) }))),
});
