// A program that measures by itself, in a container without a network, and prints one line of JSON.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { packageRoot } from "../../harness/catalog/package-root.ts";
import { built, ensureImage } from "../../harness/runtime/images.ts";
import type { Recipe } from "../../harness/runtime/images.ts";
import { tar } from "../../harness/runtime/tar.ts";
import { engine } from "./engine.ts";

interface Measuring extends Recipe {
  /** Of `test/<name>/`; they come to `/<name>`, where `measure.py` is started. */
  files: readonly string[];
  /** Beside them. */
  more?: Record<string, string>;
  /** Of `measure.py`. */
  arguments?: readonly string[];
}

/** `onImage`: an image is made for it, which the caller removes. */
export const measuredIn = async <T>(
  { files, more = {}, arguments: given = [], ...recipe }: Measuring,
  onImage: (tag: string) => void,
): Promise<T> => {
  const { name, release } = recipe;
  const base = await ensureImage(engine(), recipe, () => {});
  const tag = `hopwise-test/${[name, release, ...given].join("-")}:1`;
  const own = await Promise.all(
    files.map(async (file) => ({
      name: `files/${file}`,
      kind: "file" as const,
      body: await readFile(join(packageRoot, "test", name, file), "utf8"),
    })),
  );
  const beside = Object.entries(more).map(([file, body]) => ({ name: `files/${file}`, kind: "file" as const, body }));
  const dockerfile = { name: "Dockerfile", kind: "file" as const, body: `FROM ${base}\nCOPY files/ /${name}/\n` };
  await built(engine(), tar([dockerfile, ...own, ...beside]), tag);
  onImage(tag);
  const [out, said] = [new PassThrough(), new PassThrough()];
  const texts = Promise.all([text(out), text(said)]);
  const [{ StatusCode: code }, container] = (await engine().docker.run(tag, ["python3", `/${name}/measure.py`, ...given], [out, said], {
    Tty: false,
    HostConfig: { NetworkMode: "none" },
  })) as [{ StatusCode: number }, { remove: () => Promise<void> }];
  await container.remove();
  out.end();
  said.end();
  const [printed, errors] = await texts;
  if (code !== 0) throw new Error(errors.slice(-2000));
  return JSON.parse(printed) as T;
};
