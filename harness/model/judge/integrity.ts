// Integrity: is it the body that the origin wrote, under the same description (verdicts.md, "integrity").
import type { HopFinding, Integrity } from "../verdict.ts";
import type { Exchange } from "../trace.ts";
import type { HopView } from "./view.ts";

export const judgeIntegrity = (view: HopView): HopFinding<Integrity> | null => {
  const { hop, input, output } = view;
  if (!output?.response) return null;
  if (!input?.response) return { hop, masked: true, why: "it was given no response" };
  if (input.droppedBytes > 0 || output.droppedBytes > 0) return null;
  if (input.fidelity.kind !== "intact") return { hop, masked: true, why: "its input was altered" };
  // An error page in place of the response is the ending's, not an alteration.
  if (output.fidelity.kind === "foreign") return { hop, masked: true, why: "it answered with a body of its own" };
  if (output.fidelity.kind === "altered") {
    const { how, offset, detail } = output.fidelity;
    return { hop, masked: false, finding: { member: "altered", how, offset, detail } };
  }
  const header = changedMeaning(input, output);
  if (header) return { hop, masked: false, finding: { member: "altered", how: "header", offset: null, detail: header } };
  return { hop, masked: false, finding: { member: "intact" } };
};

const changedMeaning = (input: Exchange, output: Exchange): string | null => {
  if (!input.response || !output.response) return null;
  if (output.response.status === input.response.status) {
    const before = mediaType(input);
    const after = mediaType(output);
    if (before !== after) return `Content-Type was ${before ?? "absent"} and became ${after ?? "absent"}`;
    const streamed = input.response.framing === "chunked" || input.response.framing === "close";
    if (streamed && output.response.framing === "content-length" && output.request.method !== "HEAD")
      return `a Content-Length of ${output.response.contentLength ?? 0} was added to a response that came without one`;
  }
  return null;
};

const mediaType = (exchange: Exchange): string | null => {
  const field = exchange.response?.headers.find(([name]) => name.toLowerCase() === "content-type")?.[1];
  return field === undefined ? null : field.toLowerCase().replaceAll(/\s+/g, "");
};
