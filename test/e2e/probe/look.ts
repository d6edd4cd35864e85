// Probes one hop with every stimulus, and reports what was found with the origin known and as an outsider.
import { comparedWithOrigin } from "../../../harness/probe/judge/conclude.ts";
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

export const ask = async (url: URL, forMs: number): Promise<Judged[]> => {
  const request = { url, method: "GET", headers: [], body: null, isInsecure: true };
  const options = { forMs, maxBytes, signal: new AbortController().signal, isHttp2Wanted: false, mayAskAgain: true };
  return (await probe(request, variationsOf(request, { isOnce: false }), options)).responses;
};

export const lookAt = async (hop: HopOf, originPort: number, wanted: readonly Stimulus[] = stimuli): Promise<Look> => {
  await using running = await startHop(hop, originPort);
  const { host, port } = running.address;
  const look: Look = { known: [], outsider: [] };
  for (const { name, path, forMs, isOriginsOwn = false } of wanted) {
    const responses = await ask(new URL(`${schemeOf(hop)}://${host}:${port}${path}`), forMs);
    look.known.push(...faultsIn(name, responses));
    if (isOriginsOwn) continue;
    // An unknown application is not asked again.
    const asOutsider = responses.flatMap(({ observed }) =>
      observed.variation.isAgain ? [] : [judgeResponse(observed, { asOutsider: true })],
    );
    look.outsider.push(...faultsIn(name, comparedWithOrigin(asOutsider, []).path));
  }
  return look;
};

const faultsIn = (stimulus: string, responses: readonly Judged[]): SeenFault[] => {
  const bad = responses.flatMap(({ findings }) => findings.filter(isFault)).map(({ facet, kind }) => ({ stimulus, facet, kind }));
  return bad.filter(({ facet, kind }, index) => bad.findIndex((other) => other.facet === facet && other.kind === kind) === index);
};

/** That the origin noticed only on its next write is a note. */
const isFault = ({ level, kind }: Finding): boolean => level === "error" || level === "warning" || kind === "on-next-write";
