// The running cases: many concurrently, each with a deadline.
import type { CaseRecording, Stranger } from "../model/recording.ts";
import { CaseRun, type CaseTaps } from "./case-run.ts";
import type { OriginCase } from "./origin-case.ts";
import type { CaseOrder } from "./protocol.ts";
import { defaultKeepBytes } from "./wire.ts";

export interface Cases {
  caseOf: (token: string) => OriginCase | undefined;
  isActive: (text: string) => boolean;
  /** How many bytes of a response its case wants recorded; undefined: as many as the lab keeps. */
  keepBytesOf: (text: string) => number | undefined;
  /** Connections and requests at the origin that name no case: each running case may be the one they belong to. */
  stranger: (one: Stranger) => void;
  run: (order: CaseOrder, taps: CaseTaps) => Promise<CaseRecording>;
}

/** More add nothing. */
const mostStrangers = 1000;

export const openCases = (keepBytes: number = defaultKeepBytes): Cases => {
  const active = new Map<string, CaseRun>();
  const strangers: Stranger[] = [];
  return {
    caseOf: (token) => active.get(token),
    isActive: (text) => active.keys().some((token) => text.includes(token)),
    keepBytesOf: (text) => active.entries().find(([token]) => text.includes(token))?.[1].keepBytes,
    stranger: (one) => {
      if (active.size > 0 && strangers.length < mostStrangers) strangers.push(one);
    },
    run: async (order, taps) => {
      if (active.has(order.token)) throw new Error(`A case with the token ${JSON.stringify(order.token)} is already running`);
      if (active.size === 0) strangers.length = 0;
      const run = new CaseRun(order, taps, keepBytes);
      active.set(order.token, run);
      try {
        const recording = await run.run();
        const meanwhile = strangers.filter(({ at }) => at >= recording.startedAt);
        return meanwhile.length > 0 ? { ...recording, strangers: meanwhile } : recording;
      } finally {
        active.delete(order.token);
        run.release();
      }
    },
  };
};
