// Why a case with an application shows no delivery or no disconnect. Pure.
import type { CaseTrace } from "../trace.ts";
import type { Verdict } from "../verdict.ts";
import type { CaseView } from "./case-view.ts";
import { maskedIn } from "./sight.ts";
import { arrivals, ms } from "./view.ts";

/** Adds the reason where the facet that a case tests is missing. */
export const addWhatIsMissing = (seen: CaseView, verdict: Verdict): void => {
  if (leaves(seen.case)) addMissingDisconnect(verdict, seen.case);
  else addMissingDelivery(verdict, seen);
};

/** Where an application sends everything at once, there is nothing that a hop could hold back. */
const addMissingDelivery = (verdict: Verdict, { case: trialCase, hops: views, tolerance }: CaseView): void => {
  const { id } = trialCase.case;
  const [sent] = trialCase.origin;
  if ([...verdict.facets, ...verdict.inconclusive].some(({ facet, case: of }) => facet === "delivery" && of === id)) return;
  const given = trialCase.exchanges.find(({ link }) => link === 0);
  const times = sent?.writes.map(({ at }) => at) ?? [];
  const [first] = times;
  const masked = maskedIn(views, trialCase, tolerance);
  // If the application's side closes last, the connection was dropped in mid-stream.
  const [closed] = given?.closings ?? [];
  const isUnfinished = given?.end.kind === "open" || (closed?.by === "downstream" && (given?.end.at ?? 0) >= closed.at);
  const until = Math.min(closed?.at ?? trialCase.endedAt, trialCase.endedAt);
  const wasWatched = trialCase.clients[0]?.ended?.how === "gave-up";
  const why = !sent
    ? "the request did not reach your application, or a hop removed its mark (the header field hopwise-request)"
    : given?.response === null
      ? "your application sent no header section"
      : first === undefined
        ? isUnfinished
          ? `your application sent its header section (status ${given?.response?.status}) and nothing more in the ${Math.round((until - sent.startedAt) / 100) / 10} s ${wasWatched ? "it was watched: watch longer with --watch-seconds" : "before its connection was closed"}`
          : `your application answered ${given?.response?.status} without a body`
        : arrivals(times, tolerance.baseMs) > 1
          ? `the pieces that your application sent could not be followed${masked ? ` through ${masked.hop}: ${masked.why}` : " to the client: the stream was over before enough of it could leave"}`
          : `your application itself (status ${given?.response?.status}) sent its ${given?.contentBytes} bytes all at once, ${ms(first - sent.startedAt)} after the request: there was nothing that a hop could hold back`;
  verdict.inconclusive.push({ facet: "delivery", case: id, why });
};

const leaves = (trialCase: CaseTrace): boolean => trialCase.case.clients[0]?.leave !== null;

const addMissingDisconnect = (verdict: Verdict, trialCase: CaseTrace): void => {
  const { id } = trialCase.case;
  if (verdict.facets.some(({ facet, case: of }) => facet === "disconnect" && of === id)) return;
  const why =
    trialCase.clients[0]?.ended?.how === "left"
      ? "your application's response had ended before the client left"
      : "the client leaves shortly after the first byte of a 200, and it received none";
  verdict.inconclusive.push({ facet: "disconnect", case: id, why });
};
