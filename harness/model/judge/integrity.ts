// Integrity: is it the body that the origin wrote, with the same description (verdicts.md, "integrity").
import type { HopObservation, Integrity, Verdict } from "../verdict.ts";
import type { Exchange } from "../trace.ts";
import { pick, present } from "./case-view.ts";
import type { CaseView } from "./case-view.ts";
import type { HopView } from "./view.ts";

/** Adds whether the client received the origin's body unaltered. */
export const addIntegrity = ({ case: trialCase, hops: views }: CaseView, verdict: Verdict): void => {
  const hops = present(views.map(judgeHop));
  const facet = { facet: "integrity", case: trialCase.case.id, evidence: "", hops } as const;
  const members = membersOfOrigin(trialCase.exchanges.find(({ link }) => link === 0));
  const shown = pick(hops, ({ member }) => member === "altered");
  if (members) verdict.facets.push({ ...facet, observation: members, culprit: "origin" });
  else if (shown)
    verdict.facets.push({ ...facet, observation: shown.observation, culprit: shown.observation.member === "altered" ? shown.hop : null });
};

const judgeHop = (view: HopView): HopObservation<Integrity> | null => {
  const { hop, input, output } = view;
  if (!output?.response) return null;
  if (!input?.response) return { hop, masked: true, why: "it received no response" };
  if (input.droppedBytes > 0 || output.droppedBytes > 0) return null;
  if (input.fidelity.kind !== "intact") return { hop, masked: true, why: "its input was altered" };
  if ((input.gzipMembers ?? 1) > 1) return { hop, masked: true, why: "its input had several gzip members" };
  // An error page in place of the response belongs to the ending facet.
  if (output.fidelity.kind === "foreign") return { hop, masked: true, why: "it answered with a body of its own" };
  if (output.fidelity.kind === "altered") {
    const { how, offset, detail } = output.fidelity;
    return { hop, masked: false, observation: { member: "altered", how, offset, detail } };
  }
  const members = output.gzipMembers ?? 1;
  if (members > (input.gzipMembers ?? 1)) return { hop, masked: false, observation: severalMembers(members) };
  const header = changedMeaning(input, output);
  if (header) return { hop, masked: false, observation: { member: "altered", how: "header", offset: null, detail: header } };
  return { hop, masked: false, observation: { member: "intact" } };
};

/** Framing (Content-Length, Transfer-Encoding) is hop-by-hop: a change of it is no alteration. */
const changedMeaning = (input: Exchange, output: Exchange): string | null => {
  if (!input.response || !output.response) return null;
  if (output.response.status === input.response.status) {
    const before = mediaType(input);
    const after = mediaType(output);
    if (before !== after) return `Content-Type was ${before ?? "absent"} and became ${after ?? "absent"}`;
    const [grpcBefore, grpcAfter] = [fieldOf(input, "grpc-status"), fieldOf(output, "grpc-status")];
    if (grpcBefore !== null && grpcBefore !== grpcAfter) return `grpc-status was ${grpcBefore} and became ${grpcAfter ?? "absent"}`;
    const [codingBefore, codingAfter] = [codingOf(input), codingOf(output)];
    if (codingBefore !== codingAfter && forbidsTransforming(input))
      return `the content coding was ${codingBefore} and became ${codingAfter}, against Cache-Control: no-transform (RFC 9111 §5.2.2.6)`;
  }
  return null;
};

const fieldOf = (exchange: Exchange, field: string): string | null =>
  exchange.response?.headers.find(([name]) => name.toLowerCase() === field)?.[1] ?? null;

const mediaType = (exchange: Exchange): string | null => fieldOf(exchange, "content-type")?.toLowerCase().replaceAll(/\s+/g, "") ?? null;

const codingOf = (exchange: Exchange): string => fieldOf(exchange, "content-encoding")?.trim().toLowerCase() || "identity";

const forbidsTransforming = (exchange: Exchange): boolean =>
  (fieldOf(exchange, "cache-control") ?? "").split(",").some((directive) => directive.trim().toLowerCase() === "no-transform");

/** The origin itself sent several gzip members; null if it did not. */
const membersOfOrigin = (given: Exchange | undefined): Extract<Integrity, { member: "altered" }> | null =>
  given?.gzipMembers === undefined ? null : severalMembers(given.gzipMembers);

/** Legal (RFC 1952 §2.2), yet browsers stop after the first member and curl fails. */
const severalMembers = (members: number): Extract<Integrity, { member: "altered" }> => ({
  member: "altered",
  how: "gzip-members",
  offset: null,
  detail: `its gzip content has ${members} members where clients expect one: browsers show the first member only, and curl fails`,
});
