// Headers: is the header section passed on before there is a body (verdicts.md, "headers").
import type { HopFinding, Headers } from "../verdict.ts";
import type { Tolerance } from "./tolerance.ts";
import type { HopView } from "./view.ts";

/** Null where the hop's own input does not test it: no header section ≥ 4 ε before the first body byte. */
export const judgeHeaders = (view: HopView, originHeldMs: number, tolerance: Tolerance): HopFinding<Headers> | null => {
  const { hop, input, output } = view;
  if (originHeldMs < 4 * tolerance.baseMs) return null;
  if (!input?.response || !output?.response) return { hop, masked: true, why: "it was given no response, or gave none" };
  const firstBody = input.progress[0]?.[0] ?? input.end.at;
  const at = input.response.at;
  if (firstBody - at < 4 * tolerance.of(hop, at, at)) return { hop, masked: true, why: "its input came with the header section held" };
  const lagMs = output.response.at - at;
  if (lagMs <= tolerance.of(hop, at, output.response.at)) return { hop, masked: false, finding: { member: "prompt", lagMs } };
  const afterFirstBody = output.response.at - firstBody;
  const until =
    input.end.kind !== "open" && output.response.at >= input.end.at
      ? "end"
      : Math.abs(afterFirstBody) <= tolerance.of(hop, firstBody, output.response.at)
        ? "first-body-byte"
        : "bytes";
  return { hop, masked: false, finding: { member: "held", until, heldForMs: lagMs } };
};
