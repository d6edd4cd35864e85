// Probes one hop with every stimulus, and reports what was found with the origin known and as an outsider.
import type { Facet, Finding } from "../../../harness/probe/judge/findings.ts";
import { judgeResponse } from "../../../harness/probe/judge/judge.ts";
import type { Judged } from "../../../harness/probe/judge/judge.ts";
import { probe } from "../../../harness/probe/probe.ts";
import { variationsOf } from "../../../harness/probe/request.ts";
import { schemeOf, startHop } from "./path.ts";
import type { HopOf } from "./path.ts";
import { stimuli } from "./stimuli.ts";
import type { Stimulus } from "./stimuli.ts";

export interface SeenFault {
  stimulus: string;
  facet: Facet;
  kind: string;
}

export interface Look {
  /** With `hopwise origin` behind it. */
  known: SeenFault[];
  /** As if any application were behind it. */
  outsider: SeenFault[];
}

const maxBytes = 1024 * 1024;

export const ask = async (url: URL, forMs: number, mayAskAgain = true): Promise<Judged[]> => {
  const request = { url, method: "GET", headers: [], body: null, isInsecure: true };
  const options = { forMs, maxBytes, signal: new AbortController().signal, isHttp2Wanted: false, mayAskAgain };
  return (await probe(request, variationsOf(request, { isOnce: false }), options)).responses;
};

export const lookAt = async (hop: HopOf, originPort: number): Promise<Look> => {
  await using running = await startHop(hop, originPort);
  const { host, port } = running.address;
  // The hop is stopped when it is over, and not before.
  return await lookThrough(`${schemeOf(hop)}://${host}:${port}`);
};

/** `base`: where a client of the hop asks. */
export const lookThrough = async (base: string): Promise<Look> => {
  const look: Look = { known: [], outsider: [] };
  for (const stimulus of stimuli) {
    const { path, forMs, isWhole = false, isOriginsOwn = false } = stimulus;
    const responses = await ask(new URL(base + path), forMs, isWhole);
    look.known.push(...faultsIn(stimulus, responses));
    if (isOriginsOwn) continue;
    // An unknown application is not asked again.
    const asOutsider = responses.flatMap(({ observed }) =>
      observed.variation.isAgain ? [] : [judgeResponse(observed, { asOutsider: true })],
    );
    look.outsider.push(...faultsIn(stimulus, asOutsider));
  }
  return look;
};

const faultsIn = ({ name, isOriginsOwn }: Stimulus, responses: readonly Judged[]): SeenFault[] => {
  const bad = responses
    .flatMap(({ findings }) => findings.filter(isFault))
    .map(({ facet, kind }) => ({ stimulus: name, facet, kind }))
    .filter(({ kind }) => !(isOriginsOwn && kind === "cut"));
  return bad.filter(({ facet, kind }, index) => bad.findIndex((other) => other.facet === facet && other.kind === kind) === index);
};

/** That the origin noticed only on its next write is a note. */
const isFault = ({ level, kind }: Finding): boolean => level === "error" || level === "warning" || kind === "on-next-write";
