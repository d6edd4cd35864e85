// `--open` hands the page to the system's own program: here one that only notes what it was given.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { openPage, withPage } from "../../../harness/commands/open-page.ts";
import type { Screen } from "../../../harness/commands/screen.ts";

const folder = mkdtempSync(join(tmpdir(), "hopwise-open-"));
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const opened = async (file: string): Promise<string> => {
  let said = "";
  const stream = { width: 100, color: false, terminal: false, write: (text: string) => void (said += text) };
  const screen: Screen = { out: stream, err: stream, signal: new AbortController().signal, version: "0" };
  await openPage([{ reporter: "html", to: { file } }], { open: true }, screen);
  return said;
};

test.skipIf(process.platform !== "linux")("the program gets the page's whole path, and where there is none that is said", async () => {
  const page = join(folder, "report.html");
  vi.stubEnv("PATH", folder);
  expect(await opened(page)).toBe(`hopwise: there is no program here that opens ${page}\n`);
  const noted = join(folder, "noted");
  writeFileSync(join(folder, "xdg-open"), `#!/bin/sh\nprintf '%s' "$1" > '${noted}.part' && mv '${noted}.part' '${noted}'\n`);
  chmodSync(join(folder, "xdg-open"), 0o755);
  vi.stubEnv("PATH", [folder, "/usr/bin", "/bin"].join(delimiter));
  expect(await opened(page)).toBe(`hopwise: opened ${page}\n`);
  await expect.poll(() => existsSync(noted)).toBe(true);
  expect(readFileSync(noted, "utf8")).toBe(page);
});

test("without a page of its own one is written to the temporary folder, and only with --open", async () => {
  const pretty = { reporter: "pretty", to: "stdout" } as const;
  expect(await withPage([pretty], {})).toEqual([pretty]);
  const own = { reporter: "html", to: { file: "own.html" } };
  expect(await withPage([own], { open: true })).toEqual([own]);
  const [, added] = await withPage([pretty], { open: true });
  const file = typeof added?.to === "object" ? added.to.file : "";
  expect(file.startsWith(join(tmpdir(), "hopwise-report-"))).toBe(true);
  rmSync(join(file, ".."), { recursive: true });
});
