// `hopwise check`: reads a user's configuration, puts it to the test in a container, tells what is wrong and which line does it.
import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { nearestTo, openCatalog } from "../catalog.ts";
import { check } from "../check/check.ts";
import type { Checked } from "../check/check.ts";
import { acceptOf, checksOf, mustOf, purposes } from "../check/checks.ts";
import type { Purpose } from "../check/checks.ts";
import { applyEdits } from "../check/edits.ts";
import { keepRunning, planKept } from "../check/compose/kept.ts";
import { chooseImage } from "../check/image.ts";
import { readSubject } from "../check/subject.ts";
import { checkReporters } from "../report/check-reporters.ts";
import { live } from "../report/live.ts";
import { askForEngine } from "../runtime/choose.ts";
import { AuthorError, WorldError } from "../runtime/runtime.ts";
import { exitCodeOfCheck, exitCodes } from "./exit-code.ts";
import { outputsFor, prepareFolders } from "./outputs.ts";
import { readWishes } from "./check-wishes.ts";
import type { Screen } from "./screen.ts";

export interface CheckFlags {
  for?: string;
  path?: string;
  host?: string;
  service?: string;
  image?: string;
  env?: string[];
  reporter: string[];
  write?: boolean;
  keepApp?: boolean;
  watchSeconds?: number;
  maxWait?: number;
}

const { outputsOf, publish } = outputsFor(checkReporters, { json: "json", junit: "xml", sarif: "sarif", markdown: "md" });

export const checkCommand = async (given: string, flags: CheckFlags, screen: Screen): Promise<number> => {
  const outputs = outputsOf(flags.reporter);
  const wishes = await readWishes(process.cwd());
  const purpose = purposeOf(flags.for ?? wishes.for ?? "sse");
  const must = { ...mustOf(purpose), ...wishes.must };
  const maxWaitMs = maxWaitOf(flags.maxWait, must.surviveSilenceMs ?? 0);
  const checks = checksOf(purpose, must, maxWaitMs);
  const environment = Object.fromEntries((flags.env ?? []).map(pairOf));
  const around = { cwd: process.cwd(), env: environment };
  const subject = await readSubject(given, {
    ...around,
    ...choice("host", flags.host ?? wishes.host),
    ...choice("path", flags.path ?? wishes.path),
    ...choice("service", flags.service ?? wishes.service),
    accept: acceptOf(checks),
  });
  const kept = flags.keepApp ? await planKept(given, subject, around) : null;
  if (!kept && flags.watchSeconds !== undefined)
    throw new AuthorError("--watch-seconds is for --keep-app: how long a stream of your application that does not end is watched");
  const { entries } = openCatalog().servers;
  const entry = entries.find(({ id }) => id === subject.server);
  const definition = await entry?.load();
  if (definition?.kind !== "binary") throw new Error(`The catalogue has no server "${subject.server}"`);
  await prepareFolders(outputs);
  const engine = await askForEngine(screen.signal);
  if (engine === null)
    throw new WorldError(
      'No container engine answered: a configuration is untrusted and runs in a container only. Start one (Debian: "npm run prepare-engine"; "hopwise doctor" tells more).',
    );
  const status = live(screen.err);
  const { openContainer } = await import("../runtime/container.ts");
  const checked = await (async (): Promise<Checked> => {
    try {
      status.progress("opening the runtime");
      const build = await chooseImage(engine, definition, flags.image ?? subject.image, flags.image !== undefined, status.progress);
      screen.signal.throwIfAborted();
      await using runtime = await openContainer(engine, status.progress);
      screen.signal.throwIfAborted();
      await using application = kept && (await keepRunning(runtime, kept, checks, 1000 * (flags.watchSeconds ?? 10), screen.signal));
      return await check({
        runtime,
        build: { definition, version: build.version, image: build.image, args: subject.args, dialect: subject.dialect },
        why: build.why,
        configuration: kept?.configuration ?? subject.configuration,
        checks,
        ...(application ? { kept: application } : {}),
        given,
        purpose,
        version: screen.version,
        write: flags.write ?? false,
        signal: screen.signal,
        onProgress: status.progress,
      });
    } finally {
      status.clear();
    }
  })().catch((error: unknown) => {
    // What had only been started leaves nothing to tell.
    if (screen.signal.aborted) return null;
    throw error;
  });
  if (checked === null) return exitCodes.interrupted;
  await publish(outputs, checked.report, screen);
  if (flags.write) await write(checked, subject.configuration.files, screen);
  return exitCodeOfCheck(checked.report);
};

const choice = <K extends string>(key: K, value: string | undefined): { [P in K]?: string } =>
  (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };

const isPurpose = (word: string): word is Purpose => (purposes as readonly string[]).includes(word);

const purposeOf = (word: string): Purpose => {
  if (isPurpose(word)) return word;
  throw new AuthorError(`--for ${word} is unknown; ${nearestTo(word, [...purposes])}`);
};

/** What is not waited for is not seen to be survived. */
const maxWaitOf = (seconds: number | undefined, surviveMs: number): number | null => {
  if (seconds === undefined) return null;
  if (1000 * seconds < surviveMs)
    throw new AuthorError(
      `--max-wait ${seconds} is less than the ${surviveMs / 1000} s of silence that must be survived: wait longer, or require less (must: { surviveSilenceMs: … } in hopwise.yaml)`,
    );
  return Math.round(1000 * seconds);
};

const pairOf = (text: string): [name: string, value: string] => {
  const at = text.indexOf("=");
  if (at < 1) throw new AuthorError(`--env ${text} is not of the form NAME=value`);
  return [text.slice(0, at), text.slice(at + 1)];
};

/** Only the files that a proven cure changes, and only if nobody changed them meanwhile. */
const write = async ({ edits, left }: Checked, files: Parameters<typeof applyEdits>[0], { err }: Screen): Promise<void> => {
  if (edits.length === 0) {
    err.write("hopwise: there is no proven cure to write\n");
    return;
  }
  for (const [index, file] of applyEdits(files, edits).entries()) {
    const was = files[index]?.text ?? null;
    if (file.text === null || was === null || file.text === was) continue;
    if (file.path.includes("#"))
      throw new AuthorError(`${file.path} is no file of its own, and is left as it is; make the change there yourself`);
    const path = resolve(file.path);
    if ((await readFile(path, "utf8")) !== was)
      throw new AuthorError(`${file.path} was changed meanwhile, and is left as it is; run hopwise check again`);
    await writeFile(path, file.text);
    err.write(`hopwise: wrote ${file.path}\n`);
  }
  for (const title of left)
    err.write(`hopwise: left out "${title}": it was not seen to go together with the others; check again with --write\n`);
};
