// A user's folder for one test, made of texts.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readNginx } from "../../../../../harness/check/servers/nginx/read.ts";
import type { NginxConfiguration, ReadOptions } from "../../../../../harness/check/servers/nginx/read.ts";

export interface UserFolder extends AsyncDisposable {
  path: string;
  read: (given: string, options?: Partial<ReadOptions>) => Promise<NginxConfiguration>;
  /** The sentence that it is refused with. */
  refusal: (given: string, options?: Partial<ReadOptions>) => Promise<string>;
}

export const folderOf = async (files: Readonly<Record<string, string | Uint8Array>>): Promise<UserFolder> => {
  const path = await mkdtemp(join(tmpdir(), "hopwise-read-"));
  await Promise.all(
    Object.entries(files).map(async ([name, content]) => {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), content);
    }),
  );
  const read: UserFolder["read"] = (given, options = {}) => readNginx(given, { cwd: path, env: {}, ...options });
  return {
    path,
    read,
    refusal: (given, options) =>
      read(given, options).then(
        () => "it was read",
        (error: Error) => (/^(?:Author|Config)Error$/.test(error.name) ? error.message : `${error.stack}`),
      ),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  };
};

/** Of one file. */
export const readText = async (text: string, options: Partial<ReadOptions> = {}): Promise<NginxConfiguration> => {
  await using folder = await folderOf({ "site.conf": text });
  return await folder.read("site.conf", options);
};

export const refusalOf = async (text: string, options: Partial<ReadOptions> = {}): Promise<string> => {
  await using folder = await folderOf({ "site.conf": text });
  return await folder.refusal("site.conf", options);
};
