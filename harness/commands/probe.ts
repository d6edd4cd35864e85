// `hopwise probe`: what is deployed, as a client sees it. Nothing is started; only the URL, and the one of --origin, are asked.
import { step } from "../progress.ts";
import { EnvironmentError } from "../errors.ts";
import { ProbeFailure } from "../probe/failure.ts";
import { noHttp3Client } from "../probe/http3-client.ts";
import { comparedWithOrigin, outcomeOf, variationsCompared } from "../probe/judge/conclude.ts";
import { withHeaderChanges } from "../probe/judge/header-changes.ts";
import { cutsCompared } from "../probe/judge/cuts.ts";
import { probe } from "../probe/probe.ts";
import type { Probed, ProbeOptions } from "../probe/probe.ts";
import { variationsOf } from "../probe/request.ts";
import type { ProbeRequest } from "../probe/request.ts";
import { shownUrl } from "../probe/shown-url.ts";
import { nameOf } from "../probe/variation-name.ts";
import { live } from "../report/live.ts";
import type { Live } from "../report/live.ts";
import { responseReport, saidConclusion } from "../report/probe-report.ts";
import type { ProbeReport } from "../report/probe-report.ts";
import { findHttp3Client } from "../runtime/curl.ts";
import { exitCodes } from "./exit-code.ts";
import { probeReporters } from "./formats.ts";
import { openPage, withPage } from "./open-page.ts";
import { outputsFor, prepareFolders } from "./outputs.ts";
import { requestOf, urlOf } from "./probe-request.ts";
import type { ProbeFlags } from "./probe-request.ts";
import type { Screen } from "./screen.ts";

const usualSeconds = 30;
const usualBytes = 16 * 1024 * 1024;

export const probeCommand = async (given: string, flags: ProbeFlags, screen: Screen): Promise<number> => {
  const request = await requestOf(given, flags);
  const origin = flags.origin === undefined ? null : { ...request, url: urlOf(flags.origin, "--origin") };
  const { outputs, publish } = await outputsOf(flags);
  const startedAt = new Date();
  const status = live(screen.err);
  try {
    const { path, side } = await both(request, origin, flags, screen, status);
    const report = reportOf({ request, origin, path, side, startedAt }, screen);
    status.clear();
    const isForPrograms = outputs.some(({ reporter }) => reporter === "json");
    const nothing = isForPrograms || report.interrupted ? null : nothingToJudge(report);
    // A page that was asked for is there in any case.
    await publish(nothing === null ? outputs : outputs.filter(({ reporter }) => reporter !== "pretty"), report, screen);
    await openPage(outputs, flags, screen);
    if (nothing !== null) throw new EnvironmentError(nothing);
    if (report.interrupted) return exitCodes.interrupted;
    return { fine: exitCodes.holds, bad: exitCodes.fails, open: exitCodes.unjudged }[report.outcome];
  } catch (error) {
    if (screen.signal.aborted) return exitCodes.interrupted;
    if (error instanceof ProbeFailure) throw new EnvironmentError(error.message, { cause: error });
    throw error;
  } finally {
    status.clear();
  }
};

/** `--json` is short for the reporter of that name. */
const outputsOf = async (flags: ProbeFlags) => {
  const { outputsOf: parsed, publish } = outputsFor(probeReporters);
  const wanted = [...(flags.json ? ["json"] : []), ...(flags.reporter ?? [])];
  const outputs = await withPage(parsed(wanted.length === 0 ? ["pretty"] : wanted), flags);
  await prepareFolders(outputs);
  return { outputs, publish };
};

/** One sentence if each response is a refusal, no stream, or no response at all; else null. */
const nothingToJudge = ({ url, outcome, responses }: ProbeReport): string | null => {
  const without = new Set(["no-stream", "no-answer", "error-status", "cut", "malformed"]);
  const reasons = responses.map(({ findings }) => findings.find(({ kind, level }) => level === "open" && without.has(kind)));
  const [first] = reasons;
  return outcome === "open" && first && reasons.every(Boolean) ? `${url}: ${first.says}` : null;
};

/** One after the other, so that they do not disturb each other. */
const both = async (
  request: ProbeRequest,
  origin: ProbeRequest | null,
  flags: ProbeFlags,
  { signal }: Screen,
  status: Live,
): Promise<{ path: Probed; side: Probed | null }> => {
  const isHttp3Wanted = request.url.protocol === "https:" && (flags.http === "3" || !(flags.http || flags.once));
  const connectHttp3 = isHttp3Wanted ? await findHttp3Client() : null;
  const choice = { ...(flags.http ? { http: flags.http } : {}), isOnce: flags.once ?? false, hasHttp3: connectHttp3 !== null };
  const bounds = {
    forMs: 1000 * (flags.for ?? usualSeconds),
    maxBytes: flags.maxBytes ?? usualBytes,
    signal,
    ...(connectHttp3 ? { connectHttp3 } : {}),
  };
  const asking = (one: ProbeRequest): ProbeOptions => ({
    ...bounds,
    isHttp2Wanted: flags.http === "2",
    mayAskAgain: !choice.isOnce,
    onProgress: progressOf(`${shownUrl(one.url)}, up to ${bounds.forMs / 1000} s`, status),
  });
  const asked = await probe(request, variationsOf(request, choice), asking(request));
  const path = isHttp3Wanted && connectHttp3 === null ? { ...asked, notChecked: [...asked.notChecked, noHttp3] } : asked;
  if (origin === null || signal.aborted) return { path, side: null };
  const side = await probe(origin, variationsOf(origin, { http: "1.1", isOnce: choice.isOnce }), {
    ...asking(origin),
    isHttp2Wanted: false,
  });
  return { path, side };
};

/** Painting must not disturb what is measured. */
const paintEveryMs = 250;

const progressOf = (title: string, status: Live): NonNullable<ProbeOptions["onProgress"]> => {
  const pieces = new Map<string, number>();
  let paintedAt = -Infinity;
  status.progress(step(`${title}: waiting`));
  return (variation, count) => {
    pieces.set(`${nameOf({ ...variation, acceptEncoding: null })}${variation.acceptEncoding === null ? "" : " coded"}`, count);
    if (performance.now() - paintedAt < paintEveryMs) return;
    paintedAt = performance.now();
    status.progress(step(`${title}: ${Array.from(pieces, ([name, pieceCount]) => `${name}: ${pieceCount} chunks`).join(" · ")}`));
  };
};

interface Done {
  request: ProbeRequest;
  origin: ProbeRequest | null;
  path: Probed;
  side: Probed | null;
  startedAt: Date;
}

const noHttp3 = { what: "HTTP/3", why: noHttp3Client };

const reportOf = ({ request, origin, path, side, startedAt }: Done, { version, signal }: Screen): ProbeReport => {
  const direct = side?.responses ?? [];
  const compared = comparedWithOrigin(path.responses, direct);
  const responses = withHeaderChanges(compared.path, direct);
  return {
    schema: "hopwise.probe/1",
    tool: { name: "hopwise", version },
    startedAt: startedAt.toISOString(),
    tookMs: Date.now() - startedAt.getTime(),
    url: shownUrl(request.url),
    finalUrl: path.finalUrl === null ? null : shownUrl(path.finalUrl),
    method: request.method,
    outcome: outcomeOf(responses),
    interrupted: signal.aborted,
    responses: responses.map(responseReport),
    origin: origin && side ? { url: shownUrl(origin.url), responses: side.responses.map(responseReport) } : null,
    conclusions: [...variationsCompared(responses), ...cutsCompared(responses), ...compared.conclusions].map(saidConclusion),
    notChecked: [...path.notChecked, ...(side?.notChecked ?? [])],
  };
};
