// Configurations that do not live in /etc/nginx: where a folder belongs follows from the absolute paths of includes that are found in it.
import { join, posix } from "node:path";
import { isGlob } from "../../../deployment/glob.ts";
import { readInside } from "./disk.ts";
import type { Mount } from "./disk.ts";
import { configurationFolder } from "./image-files.ts";
import { globTargets } from "./layout.ts";
import type { Layout } from "./layout.ts";
import type { Directive } from "./tree.ts";

/** Of all blocks, as they stand there. */
export const absoluteIncludes = (roots: readonly Directive[]): string[] =>
  roots.flatMap(({ name, args, block }) =>
    name === "include" ? args.slice(0, 1).filter((path) => path.startsWith("/")) : absoluteIncludes(block ?? []),
  );

/** For includes that the layout has nothing for: `/opt/app/conf.d/*.conf` puts the folder that has a `conf.d/*.conf` at `/opt/app`. */
export const mountsElsewhere = async (
  includes: readonly string[],
  folder: Mount,
  inside: string,
  layoutOf: (mounts: readonly Mount[]) => Layout,
): Promise<Mount[]> => {
  const mounts: Mount[] = [];
  for (const path of includes) {
    // Each may be answered by what the ones before it found.
    // oxlint-disable-next-line no-await-in-loop
    if (await isFound(layoutOf([folder, ...mounts]), path)) continue;
    // oxlint-disable-next-line no-await-in-loop
    const target = await targetFor(path, folder, inside, layoutOf);
    if (target !== null) mounts.push({ ...folder, target });
  }
  return mounts;
};

const isFound = async (layout: Layout, path: string): Promise<boolean> =>
  isGlob(path) ? ((await globTargets(layout, path)) ?? []).length > 0 : (await layout.read(path)) !== null;

/** For the longest end of the path that the folder has; a pattern alone would take any file of it. */
const targetFor = async (
  path: string,
  folder: Mount,
  inside: string,
  layoutOf: (mounts: readonly Mount[]) => Layout,
): Promise<string | null> => {
  const parts = path.split("/").filter((part) => part !== "");
  for (let from = 0; from < parts.length; from += 1) {
    const target = `/${parts.slice(0, from).join("/")}`;
    const way = parts.slice(from).join("/");
    if (target === configurationFolder || (isGlob(way) && !way.includes("/"))) continue;
    const isThere = isGlob(way)
      ? // oxlint-disable-next-line no-await-in-loop
        await isFound(layoutOf([{ ...folder, target }]), path)
      : // oxlint-disable-next-line no-await-in-loop
        (await readInside(join(folder.source, way), posix.join(folder.shown, way), inside).catch(() => null)) !== null;
    if (isThere) return target;
  }
  return null;
};
