// `hopwise check`: reads a user's configuration, checks it in a container, and reports what is wrong and which line causes it.
import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { openCatalog } from "../catalog/catalog.ts";
import { nearestTo } from "../catalog/shelf.ts";
import { check } from "../check/check.ts";
import type { Checked } from "../check/check.ts";
import { acceptOf, checksOf, methodOf, mustOf, purposes } from "../check/checks.ts";
import type { Check, Purpose, Task } from "../check/checks.ts";
import type { Must } from "../define.ts";
import { applyEdits } from "../check/edits.ts";
import type { Sandbox } from "../deployment/ran.ts";
import { keepRunning, planKept } from "../check/kept.ts";
import { chooseImage } from "../check/image.ts";
import { readSubject } from "../check/subject.ts";
import type { AnyCheckReport } from "../report/predicted-report.ts";
import { checkReporters } from "./formats.ts";
import { live } from "../report/live.ts";
import type { BinaryServer } from "../define.ts";
import type { Engine } from "../runtime/engine.ts";
import type { OnProgress } from "../runtime/images.ts";
import { AuthorError } from "../errors.ts";
import { askForEngine } from "../session/choose-runtime.ts";
import { subrequestOf, predictOnly } from "./check-predicted.ts";
import { fieldOf } from "./header-field.ts";
import { exitCodeOfCheck, exitCodes } from "./exit-code.ts";
import { outputsFor, prepareFolders } from "./outputs.ts";
import { readSettings } from "./check-settings.ts";
import { openPage, withPage } from "./open-page.ts";
import type { OpenFlag } from "./open-page.ts";
import { hidden, secretsIn, withoutSecrets } from "./secrets.ts";
import type { Screen } from "./screen.ts";
import { openTraceFolder } from "./trace-folder.ts";

export interface CheckFlags extends OpenFlag {
  for?: string;
  path?: string;
  host?: string;
  service?: string;
  image?: string;
  env?: string[];
  upstream?: string[];
  header?: string[];
  serverVersion?: string;
  runEntrypoint?: boolean;
  reporter: string[];
  write?: boolean;
  strict?: boolean;
  keepApp?: boolean;
  watchSeconds?: number;
  maxWait?: number;
  saveTraces?: string;
}

const { outputsOf, publish } = outputsFor<AnyCheckReport>(checkReporters);

export const checkCommand = async (given: string, flags: CheckFlags, screen: Screen): Promise<number> => {
  const outputs = await withPage(outputsOf(flags.reporter), flags);
  const settings = await readSettings(process.cwd());
  const purpose = purposeOf(flags.for ?? settings.for ?? "sse");
  const must = { ...mustOf(purpose), ...settings.must };
  const maxWaitMs = maxWaitOf(flags.maxWait, must.surviveSilenceMs ?? 0);
  const checks = checksOf(purpose, must, maxWaitMs);
  const named = flags.path === undefined && settings.path === undefined ? (settings.routes ?? []) : [];
  const tasks = named.map((one) => taskFor(one.for ?? purpose, { ...settings.must, ...one.must }, maxWaitMs));
  const checksOfNamed = (index: number): readonly Check[] => tasks[index]?.checks ?? checks;
  const general: Task = { purpose, checks, required: requiredBy(settings.must) };
  const environment = Object.fromEntries((flags.env ?? []).map(pairOf("--env")));
  const upstreams = Object.fromEntries((flags.upstream ?? []).map(pairOf("--upstream")));
  const around = { cwd: process.cwd(), env: environment };
  const status = live(screen.err);
  const definitionOf = async (id: string): Promise<BinaryServer> => {
    const definition = await openCatalog()
      .servers.entries.find((one) => one.id === id)
      ?.load();
    if (definition?.kind !== "binary") throw new Error(`The catalog has no server "${id}"`);
    return definition;
  };
  const sandbox = flags.runEntrypoint ? await openSandbox(flags, definitionOf, status.progress, screen.signal) : null;
  if (screen.signal.aborted) return exitCodes.interrupted;
  const subject = await readSubject(given, {
    ...around,
    ...(sandbox ? { sandbox } : {}),
    ...choice("host", flags.host ?? settings.host),
    ...choice("path", flags.path ?? settings.path),
    ...choice("service", flags.service ?? settings.service),
    accept: acceptOf(checks),
    method: methodOf(checks),
    upstreams,
    named: named.map(({ path, host }, index) => ({
      path,
      host,
      accept: acceptOf(checksOfNamed(index)),
      method: methodOf(checksOfNamed(index)),
    })),
    headers: (flags.header ?? []).map(fieldOf),
  });
  const kept = flags.keepApp ? await planKept(given, subject, around) : null;
  if (!kept && flags.watchSeconds !== undefined)
    throw new AuthorError("--watch-seconds is for --keep-app: how long a stream of your application that does not end is watched");
  const definition = await definitionOf(subject.server.id);
  const secrets = flags.runEntrypoint ? secretsIn({ ...environment, ...subject.composed?.environment }) : [];
  await prepareFolders(outputs, ...(flags.saveTraces === undefined ? [] : [flags.saveTraces]));
  const traces = flags.saveTraces === undefined ? null : await openTraceFolder(flags.saveTraces);
  const engine = await askForEngine(screen.signal);
  if (screen.signal.aborted) return exitCodes.interrupted;
  if (engine === null) {
    const config = kept?.config ?? subject.config;
    const image = flags.image ?? subject.image;
    const report = predictOnly({ server: subject.server, config, checks, image, given, purpose, version: screen.version }, flags);
    await publish(outputs, report, screen);
    await openPage(outputs, flags, screen);
    for (const line of subrequestOf(report, outputs)) screen.err.write(`hopwise: ${line}\n`);
    return exitCodes.unjudged;
  }
  const wanted = {
    image: flags.image ?? subject.image,
    version: flags.serverVersion ?? null,
    isAsked: flags.image !== undefined,
    versionOf: subject.server.packaging.versionOf,
  };
  const { openContainer } = await import("../runtime/container.ts");
  const checked = await (async (): Promise<Checked> => {
    try {
      status.progress("opening the runtime");
      const build = await chooseImage(engine, definition, wanted, status.progress);
      screen.signal.throwIfAborted();
      await using runtime = await openContainer(engine, status.progress);
      screen.signal.throwIfAborted();
      await using application = kept && (await keepRunning(runtime, kept, checks, 1000 * (flags.watchSeconds ?? 10), screen.signal));
      return await check({
        runtime,
        build: { definition, version: build.version, image: build.image },
        why: build.why,
        config: kept?.config ?? subject.config,
        checks,
        taskOf: ({ named: index }) => (index === undefined ? general : (tasks[index] ?? general)),
        ...(application ? { kept: application } : {}),
        given,
        purpose,
        version: screen.version,
        write: flags.write ?? false,
        signal: screen.signal,
        onProgress: status.progress,
        ...(traces ? { onTrace: traces.save } : {}),
      });
    } finally {
      status.clear();
      await traces?.saved().catch(() => {});
    }
  })().catch((error: unknown) => {
    // What had only been started leaves nothing to report.
    if (screen.signal.aborted) return null;
    throw error instanceof AuthorError && secrets.length > 0 ? new AuthorError(hidden(error.message, secrets), { cause: error }) : error;
  });
  if (checked === null) return exitCodes.interrupted;
  await publish(outputs, withoutSecrets(checked.report, secrets), screen);
  await openPage(outputs, flags, screen);
  if (flags.write) await write(checked, subject.config.deployment.files, screen);
  // A missing trace must not cost the report.
  await traces?.saved();
  return exitCodeOfCheck(checked.report, { strict: flags.strict ?? false });
};

const openSandbox = async (
  { image, serverVersion }: CheckFlags,
  definitionOf: (id: string) => Promise<BinaryServer>,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<(server: string) => Sandbox> => {
  const engine = await askForEngine(signal);
  if (engine === null && !signal.aborted)
    throw new AuthorError("--run-entrypoint needs a container engine, and none answers; npx hopwise doctor lists what is missing");
  const { sandboxOf } = await import("../check/sandbox.ts");
  return (server) =>
    sandboxOf(engine as Engine, () => definitionOf(server), { image: image ?? null, version: serverVersion ?? null }, onProgress, signal);
};

const choice = <K extends string>(key: K, value: string | undefined): { [P in K]?: string } =>
  (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };

const isPurpose = (word: string): word is Purpose => (purposes as readonly string[]).includes(word);

const purposeOf = (word: string): Purpose => {
  if (isPurpose(word)) return word;
  throw new AuthorError(`--for ${word} is unknown; ${nearestTo(word, [...purposes])}`);
};

const taskFor = (purpose: Purpose, own: Must, maxWaitMs: number | null): Task => ({
  purpose,
  checks: checksOf(purpose, { ...mustOf(purpose), ...own }, maxWaitMs),
  required: requiredBy(own),
});

const requiredBy = (must: Must = {}): ReadonlySet<keyof Must> => new Set(Object.keys(must) as (keyof Must)[]);

/** A wait that is too short cannot prove that silence is survived. */
const maxWaitOf = (seconds: number | undefined, surviveMs: number): number | null => {
  if (seconds === undefined) return null;
  if (1000 * seconds < surviveMs)
    throw new AuthorError(
      `--max-wait ${seconds} is less than the ${surviveMs / 1000} s of silence that must be survived: wait longer, or require less (must: { surviveSilenceMs: … } in hopwise.yaml)`,
    );
  return Math.round(1000 * seconds);
};

const pairOf =
  (option: string) =>
  (text: string): [name: string, value: string] => {
    const at = text.indexOf("=");
    if (at < 1) throw new AuthorError(`${option} ${text} is not of the form NAME=value`);
    return [text.slice(0, at), text.slice(at + 1)];
  };

/** Only the files that a proven fix changes, and only if they were not changed in the meantime. */
const write = async ({ edits, left }: Checked, files: Parameters<typeof applyEdits>[0], { err }: Screen): Promise<void> => {
  if (edits.length === 0) {
    err.write("hopwise: there is no proven fix to write\n");
    return;
  }
  for (const [index, file] of applyEdits(files, edits).entries()) {
    const was = files[index]?.text ?? null;
    if (file.text === null || was === null || file.text === was) continue;
    if (file.path.includes("#") || file.isCopy)
      throw new AuthorError(`${file.path} is not a separate file, and is left unchanged; make the change there yourself`);
    const path = resolve(file.path);
    if ((await readFile(path, "utf8")) !== was)
      throw new AuthorError(`${file.path} was changed in the meantime, and is left unchanged; run npx hopwise check again`);
    await writeFile(path, file.text);
    err.write(`hopwise: wrote ${file.path}\n`);
  }
  for (const title of left)
    err.write(`hopwise: did not write "${title}": it could not be proven together with the others; check again with --write\n`);
};
