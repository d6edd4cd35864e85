// Headers: is the header section passed on before there is a body (verdicts.md, "headers").
import type { HopFinding, Headers } from "../verdict.ts";
import type { ArmTrace } from "../trace.ts";
import type { Tolerance } from "./tolerance.ts";
import type { HopView } from "./view.ts";
import { ms } from "./view.ts";

export type HeadersFinding = HopFinding<Headers> | { hop: string; undecided: string };

/** Null where the hop's own input does not test it: no header section ≥ 4 ε before the first body byte. */
export const judgeHeaders = (view: HopView, arm: ArmTrace, originHeldMs: number, tolerance: Tolerance): HeadersFinding | null => {
  const { hop, input, output } = view;
  if (originHeldMs < 4 * tolerance.baseMs) return null;
  if (!input?.response || !output) return { hop, masked: true, why: "it was given no response" };
  const firstBody = input.progress[0]?.[0] ?? input.end.at;
  const at = input.response.at;
  if (firstBody - at < 4 * tolerance.baseMs) return { hop, masked: true, why: "its input came with the header section held" };
  if (!output.response) {
    const closedAt = output.closings[0]?.at ?? arm.endedAt;
    return closedAt < firstBody
      ? { hop, masked: true, why: "it was closed without a response" }
      : { hop, masked: false, finding: { member: "held", until: "never", heldForMs: closedAt - at } };
  }
  const lagMs = output.response.at - at;
  const afterBody = output.response.at - firstBody;
  // Passed on before there was a body, and no later than the control's own worst: that is the machine.
  const isMachine = afterBody < 0 && lagMs <= tolerance.worstMs;
  if (isMachine || lagMs <= tolerance.of(hop, at, output.response.at))
    return afterBody < 0 || lagMs <= tolerance.baseMs
      ? { hop, masked: false, finding: { member: "prompt", lagMs } }
      : { hop, undecided: `it let the header section go together with the body, ${ms(lagMs)} late, and so may the machine have done` };
  const until =
    input.end.kind !== "open" && output.response.at >= input.end.at
      ? "end"
      : Math.abs(afterBody) <= tolerance.of(hop, firstBody, output.response.at)
        ? "first-body-byte"
        : afterBody < 0
          ? "timer"
          : "bytes";
  return { hop, masked: false, finding: { member: "held", until, heldForMs: lagMs } };
};
