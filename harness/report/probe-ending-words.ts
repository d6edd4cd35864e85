// The sentences of how a probed response ended. Pure.
import type { Finding } from "../probe/judge/findings.ts";
import { duration, plain } from "./text.ts";

type Ending = Extract<Finding, { facet: "ending" }>;

const openWords = {
  time: "as long as was asked for (--for)",
  bytes: "until --max-bytes was reached",
  interrupted: "until it was interrupted",
} as const;

const silentWords = {
  "inside-a-record": "the end looks complete, but the last event is not: cut, and no client notices",
  "coding-incomplete": "the end of the response looks complete, but that of its content coding is missing: cut",
  "origin-aborted": "the end looks complete, but hopwise origin cut the response: no client notices",
} as const;

export const endingWords = (finding: Ending): string => {
  switch (finding.kind) {
    case "complete":
      return `ended visibly after ${duration(finding.atMs)}`;
    case "unmarked":
      return `ended after ${duration(finding.atMs)} by closing the connection: to a client a cut looks the same`;
    case "open":
      return `watched for ${duration(finding.atMs)}, ${openWords[finding.because]}; still open`;
    case "cut":
      return cutWords(finding);
    case "cut-visible":
      return `hopwise origin cut the response as it was asked to, and the cut is visible (${finding.sign})`;
    case "cut-silently":
      return silentWords[finding.why];
    case "missing":
      return `the end looks complete, but ${finding.missing} of ${finding.of} events of hopwise origin are missing`;
    case "hung":
      return `hopwise origin has ended, and ${duration(finding.forMs)} later the response is still open`;
    case "malformed":
      return `the response is malformed: ${plain(finding.problem)}`;
    case "stray-bytes":
      return `${finding.bytes} stray bytes after the end of the response`;
    case "error-status":
      return `status ${finding.status} after ${duration(finding.atMs)}${finding.level === "error" ? ": a gateway reports that what is behind it did not answer, or not in time" : ": an answer to this request, not a stream"}`;
  }
};

const cutWords = ({ sign, atMs, cut, isBeforeHead }: Extract<Ending, { kind: "cut" }>): string => {
  const when = `cut (${plain(sign)}) ${duration(atMs)} after the request${isBeforeHead ? ", before any header section" : ""}`;
  switch (cut.by) {
    case "idle-timeout":
      return `${when}, after ${duration(cut.silentMs)} of silence: an idle timeout, if it happens again after the same silence`;
    case "total-timeout":
      return `${when}, while content flowed: a total timeout, if it happens again at the same time`;
    case "unclassified":
      return isBeforeHead ? `${when}: see whether the port speaks TLS (https://) or HTTP at all` : when;
  }
};
