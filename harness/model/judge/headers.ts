// Headers: does a hop pass the header section on before there is a body (verdicts.md, "headers").
import { applicationNonce } from "../recording.ts";
import { isOfFirstClient } from "../request-id.ts";
import { aloneMs } from "../late-records.ts";
import type { CaseTrace } from "../trace.ts";
import type { Headers, HopObservation, Verdict } from "../verdict.ts";
import { pick, present } from "./case-view.ts";
import type { CaseView } from "./case-view.ts";
import type { Tolerance } from "./tolerance.ts";
import type { HopView } from "./view.ts";
import { ms } from "./view.ts";

type HeadersObservation = HopObservation<Headers> | { hop: string; inconclusive: string };

/** Adds when the header section reached the client. `isTested`: false if the client leaves. */
export const addHeaders = ({ case: trialCase, hops: views, tolerance }: CaseView, isTested: boolean, verdict: Verdict): void => {
  const { id } = trialCase.case;
  const heldMs = originHeldMs(trialCase);
  if (heldMs >= aloneMs && heldMs < 4 * tolerance.baseMs)
    verdict.inconclusive.push({
      facet: "headers",
      case: id,
      why: `the origin held its body for ${Math.round(heldMs)} ms, less than four times ε (${Math.round(tolerance.baseMs)} ms)`,
      byMachine: true,
    });
  if (!isTested) return;
  const found = present(views.map((view) => judgeHop(view, trialCase, heldMs, tolerance)));
  const hops = found.filter((one): one is HopObservation<Headers> => "masked" in one);
  const open = found.find((one) => "inconclusive" in one);
  const shown = pick(hops, ({ member }) => member === "held");
  const isHeld = shown?.observation.member === "held";
  if (open && !isHeld) verdict.inconclusive.push({ facet: "headers", case: id, why: `${open.hop}: ${open.inconclusive}`, byMachine: true });
  else if (shown)
    verdict.facets.push({
      facet: "headers",
      case: id,
      observation: shown.observation,
      culprit: isHeld ? shown.hop : null,
      evidence: "",
      hops,
    });
};

/** How long the header section was alone on the wire, as planned. For an application every such time counts as planned. */
const originHeldMs = (trialCase: CaseTrace): number => {
  const exchange = trialCase.origin.find(isOfFirstClient);
  const first = exchange?.writes[0]?.at;
  const heldMs = exchange?.headersAt !== null && exchange?.headersAt !== undefined && first !== undefined ? first - exchange.headersAt : 0;
  return exchange?.nonce === applicationNonce || plannedAloneMs(trialCase) > 0 ? heldMs : 0;
};

const plannedAloneMs = ({ case: { script } }: CaseTrace): number => {
  const from = script.steps.findIndex((step) => step.do === "headers") + 1;
  const next = script.steps[from];
  return next?.do === "pause" ? next.ms : 0;
};

/** Null if the input does not test it: no header section ≥ 4 ε before the first body byte. */
const judgeHop = (view: HopView, trialCase: CaseTrace, heldMs: number, tolerance: Tolerance): HeadersObservation | null => {
  const { hop, input, output } = view;
  if (heldMs < 4 * tolerance.baseMs) return null;
  if (!input?.response || !output) return { hop, masked: true, why: "it received no response" };
  const firstBody = input.progress[0]?.[0] ?? input.end.at;
  const at = input.response.at;
  if (firstBody - at < 4 * tolerance.baseMs) return { hop, masked: true, why: "its input had a held header section" };
  if (!output.response) {
    const closedAt = output.closings[0]?.at ?? trialCase.endedAt;
    return closedAt < firstBody
      ? { hop, masked: true, why: "it was closed without a response" }
      : { hop, masked: false, observation: { member: "held", until: "never", heldForMs: closedAt - at } };
  }
  const lagMs = output.response.at - at;
  const afterBody = output.response.at - firstBody;
  // Passed on before there was a body, and no later than the control's worst: a delay of the machine.
  const isMachine = afterBody < 0 && lagMs <= tolerance.worstMs;
  if (isMachine || lagMs <= tolerance.of(hop, at, output.response.at))
    return afterBody < 0 || lagMs <= tolerance.baseMs
      ? { hop, masked: false, observation: { member: "prompt", lagMs } }
      : {
          hop,
          inconclusive: `it passed the header section on together with the body, ${ms(lagMs)} late, which the machine may have caused`,
        };
  const until =
    input.end.kind !== "open" && output.response.at >= input.end.at
      ? "end"
      : Math.abs(afterBody) <= tolerance.of(hop, firstBody, output.response.at)
        ? "first-body-byte"
        : afterBody < 0
          ? "timer"
          : "bytes";
  return { hop, masked: false, observation: { member: "held", until, heldForMs: lagMs } };
};
