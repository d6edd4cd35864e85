// `hopwise check`: reads a user's configuration, checks it in a container, and reports what is wrong and which line causes it.
import { openCatalog } from "../catalog/catalog.ts";
import { planKept } from "../check/kept.ts";
import type { Checked } from "../check/check.ts";
import { readSubject } from "../check/subject.ts";
import type { Subject } from "../check/subject.ts";
import type { BinaryServer } from "../define.ts";
import { AuthorError } from "../errors.ts";
import type { AnyCheckReport, PredictedReport } from "../report/predicted-report.ts";
import { live } from "../report/live.ts";
import { askForEngine } from "../session/choose-runtime.ts";
import type { ConfigFile } from "../check/configuration.ts";
import { asksOf } from "./check-asks.ts";
import { servicesOf } from "../check/read-deployment.ts";
import { refuseOfOne } from "./chain-plans.ts";
import type { AskingFlags } from "./check-asks.ts";
import { checkOnEngine } from "./check-on-engine.ts";
import { predictOnly, noticesOf } from "./check-predicted.ts";
import { readSettings } from "./check-settings.ts";
import { openSandbox } from "./entrypoint-sandbox.ts";
import { exitCodeOfCheck, exitCodes } from "./exit-code.ts";
import { checkReporters } from "./formats.ts";
import { openPage, withPage } from "./open-page.ts";
import type { OpenFlag } from "./open-page.ts";
import { outputsFor, prepareFolders } from "./outputs.ts";
import type { Output } from "./outputs.ts";
import type { Screen } from "./screen.ts";
import { hidden, secretsIn, withoutSecrets } from "./secrets.ts";
import { openTraceFolder } from "./trace-folder.ts";
import { writeFixes } from "./write-fixes.ts";

export interface CheckFlags extends AskingFlags, OpenFlag {
  image?: string;
  serverVersion?: string;
  runEntrypoint?: boolean;
  reporter: string[];
  write?: boolean;
  strict?: boolean;
  keepApp?: boolean;
  watchSeconds?: number;
  saveTraces?: string;
}

const { outputsOf, publish } = outputsFor<AnyCheckReport>(checkReporters);

export const checkCommand = async (given: string, flags: CheckFlags, screen: Screen): Promise<number> => {
  const outputs = await withPage(outputsOf(flags.reporter), flags);
  const asked = asksOf(flags, await readSettings(process.cwd()), process.cwd());
  const status = live(screen.err);
  const sandbox = flags.runEntrypoint ? await openSandbox(flags, definitionOf, status.progress, screen.signal) : null;
  if (screen.signal.aborted) return exitCodes.interrupted;
  const subject = await readSubject(given, { ...asked.reading, ...(sandbox ? { sandbox } : {}) });
  refuseOfOne(flags, given, subject.composed ? [subject.composed.service, ...servicesOf(subject.composed.inner)] : []);
  const kept = flags.keepApp ? await planKept(given, subject, asked.reading) : null;
  if (!kept && flags.watchSeconds !== undefined)
    throw new AuthorError("--watch-seconds is for --keep-app: how long a stream of your application that does not end is watched");
  const definition = await definitionOf(subject.server.id);
  await prepareFolders(outputs, ...(flags.saveTraces === undefined ? [] : [flags.saveTraces]));
  const traces = flags.saveTraces === undefined ? null : await openTraceFolder(flags.saveTraces);
  const engine = await askForEngine(screen.signal);
  if (screen.signal.aborted) return exitCodes.interrupted;
  const config = kept?.config ?? subject.config;
  const about = {
    config,
    checks: asked.checks,
    image: flags.image ?? subject.image,
    given,
    purpose: asked.purpose,
    version: screen.version,
  };
  if (engine === null) return predicted(predictOnly({ server: subject.server, ...about }, flags, subject.composed), outputs, flags, screen);
  const secrets = secretsOf(flags, asked.environment, subject);
  let isAnswered = false;
  const answer = async (checked: Checked): Promise<void> => {
    isAnswered = true;
    await publish(outputs, withoutSecrets(checked.report, secrets), screen);
    await openPage(outputs, flags, screen);
    if (flags.write) await writeFixes(checked, filesOf(subject), screen);
    // A missing trace must not cost the report.
    await traces?.saved();
  };
  const running = checkOnEngine(
    engine,
    { ...about, ...asked, subject, kept, definition, definitionOf },
    flags,
    traces,
    status,
    screen.signal,
    answer,
  );
  const checked = await running.catch((error: unknown) => {
    // What had only been started leaves nothing to report.
    if (screen.signal.aborted && !isAnswered) return null;
    throw error instanceof AuthorError && secrets.length > 0 ? new AuthorError(hidden(error.message, secrets), { cause: error }) : error;
  });
  if (checked === null) return exitCodes.interrupted;
  return exitCodeOfCheck(checked.report, { strict: flags.strict ?? false });
};

/** What runs may print: the environment that the user and the deployment gave it. */
const secretsOf = ({ runEntrypoint }: CheckFlags, environment: Record<string, string>, subject: Subject): string[] =>
  runEntrypoint
    ? [environment, ...allOf(subject).map(({ composed }) => composed?.environment ?? {})]
        .flatMap(secretsIn)
        .toSorted((a, b) => b.length - a.length)
    : [];

/** With the proxies that it forwards to. */
const allOf = (subject: Subject): Subject[] => [subject, ...(subject.composed?.inner ?? []).flatMap((one) => allOf(one.subject))];

const filesOf = (subject: Subject): ConfigFile[] => [
  ...new Map(allOf(subject).flatMap(({ config }) => config.deployment.files.map((file) => [file.path, file] as const))).values(),
];

const definitionOf = async (id: string): Promise<BinaryServer> => {
  const definition = await openCatalog()
    .servers.entries.find((one) => one.id === id)
    ?.load();
  if (definition?.kind !== "binary") throw new Error(`The catalog has no server "${id}"`);
  return definition;
};

const predicted = async (report: PredictedReport, outputs: Output[], flags: CheckFlags, screen: Screen): Promise<number> => {
  await publish(outputs, report, screen);
  await openPage(outputs, flags, screen);
  for (const line of noticesOf(report, outputs)) screen.err.write(`hopwise: ${line}\n`);
  return exitCodes.unjudged;
};
