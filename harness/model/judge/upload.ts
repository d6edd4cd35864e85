// Upload: does a request's content pass a hop piece by piece, or only when it is whole (nginx: proxy_request_buffering). Pure.
import type { Trace } from "../trace.ts";
import { toleranceOf } from "./tolerance.ts";
import { hopsOf } from "./view.ts";

export interface UploadFinding {
  arm: string;
  hop: string;
  /** None passed before the client had sent its last piece. */
  heldForMs: number;
  evidence: string;
}

/** The hops that kept a client's pieces until they had all of them; empty if each piece passed, or if there were none. */
export const heldUploads = (trace: Trace): UploadFinding[] => {
  const tolerance = toleranceOf(trace);
  return trace.arms.flatMap((arm) =>
    hopsOf(trace, arm, 0).flatMap(({ hop, input, output }): UploadFinding[] => {
      // A request travels against the direction of the response: what the hop gave its client is what that asked it for.
      const given = output?.request.progress ?? [];
      const passed = input?.request.progress ?? [];
      const [first] = given;
      const last = given.at(-1);
      if (!first || !last || last[0] - first[0] < 4 * tolerance.baseMs) return [];
      const passedAt = passed[0]?.[0] ?? arm.endedAt;
      if (passedAt < last[0]) return [];
      const heldForMs = passedAt - first[0];
      const evidence = `${hop} passed nothing of the request's content on before it had all ${last[1]} bytes: the first piece waited ${Math.round(heldForMs)} ms`;
      return [{ arm: arm.arm.id, hop, heldForMs, evidence }];
    }),
  );
};
