// Upload: does a hop pass a request's content on piece by piece, or only when it is whole (nginx: proxy_request_buffering). Pure.
import type { Trace } from "../trace.ts";
import { contentBytesOf } from "../script.ts";
import { toleranceOf } from "./tolerance.ts";
import { hopsOf } from "./view.ts";

export interface UploadObservation {
  case: string;
  hop: string;
  /** From the first piece until the first byte was passed on, which was after the last piece. */
  heldForMs: number;
  evidence: string;
}

/** The hops that held a client's pieces until they had all of them; empty if each piece passed, or if there were none. */
export const heldUploads = (trace: Trace): UploadObservation[] => {
  return trace.cases.flatMap((trialCase) => {
    const tolerance = toleranceOf(trace, trialCase.case);
    const whole = contentBytesOf(trialCase.case.clients[0] ?? {});
    return hopsOf(trace, trialCase, 0).flatMap(({ hop, input, output }): UploadObservation[] => {
      // A request travels against the response: the `output` link carries what the client sent.
      const given = output?.request.progress ?? [];
      const passed = input?.request.progress ?? [];
      const [first] = given;
      const last = given.at(-1);
      // The client stops sending once it has the whole response: then the hop passed something on before it had everything.
      if (!first || !last || last[1] < whole || last[0] - first[0] < 4 * tolerance.baseMs) return [];
      const passedAt = passed[0]?.[0] ?? trialCase.endedAt;
      if (passedAt < last[0]) return [];
      const heldForMs = passedAt - first[0];
      const evidence = `${hop} held the request content until it had all ${last[1]} bytes: the first piece waited ${Math.round(heldForMs)} ms`;
      return [{ case: trialCase.case.id, hop, heldForMs, evidence }];
    });
  });
};
