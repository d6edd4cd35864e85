// Faults on the side of the lab: the scripted upstream speaks plain HTTP/1, recognizes a trial by its mark, and is reachable only at the
// addresses given to the hop. An error response for such a reason does not show a fault of the hop. Pure.
import type { Stranger } from "./recording.ts";
import { elided } from "./secrets.ts";
import type { CaseTrace, Exchange, Trace } from "./trace.ts";

/** protocol: the hop does not speak plain HTTP/1 to it. mark: the request lost the mark of its trial. unreached: no request arrived. */
export interface LabFault {
  kind: "protocol" | "mark" | "unreached";
  /** One sentence with what the tap saw. */
  says: string;
}

type Seen = Pick<Trace, "links" | "cases"> & Partial<Pick<Trace, "origin">>;

/** `scripted`: the upstreams of the hop's configuration that the lab replaces; null if the lab gave the hop its only one. `secrets`: what is not
 *  to be shown of a request. */
export const labFaultOf = (seen: Seen, scripted: readonly string[] | null, secrets: readonly string[] = []): LabFault | null => {
  const fault = faultIn(seen, scripted);
  return fault && { ...fault, says: elided(fault.says, secrets) };
};

const faultIn = ({ links, cases, origin }: Seen, scripted: readonly string[] | null): LabFault | null => {
  if (origin === "application") return null;
  const hop = links[0]?.to ?? "the hop";
  const where = scripted && scripted.length > 0 ? `the scripted upstream (${scripted.join(", ")})` : "the scripted upstream";
  for (const trialCase of cases) {
    const lost = confusedClients(trialCase, hop, where);
    if (lost) return lost;
    for (const client of trialCase.case.clients.keys()) {
      const given = trialCase.exchanges.findLast((one) => one.link === links.length - 1 && one.client === client);
      if (!given || wasAsked(trialCase, client)) continue;
      const fault = faultBehind(trialCase, given, { hop, where, isLed: scripted !== null });
      if (fault) return fault;
    }
  }
  return null;
};

/** A request without its mark belongs to the only client, if there is one only. */
const wasAsked = ({ case: trialCase, exchanges }: CaseTrace, client: number): boolean =>
  exchanges.some((one) => one.link === 0 && (one.client === client || (one.client === null && trialCase.clients.length === 1)));

/** The query names the trial, and only the header field names the client. */
const confusedClients = ({ case: trialCase, exchanges }: CaseTrace, hop: string, where: string): LabFault | null => {
  const unmarked = exchanges.find(({ link, client }) => link === 0 && client === null);
  if (!unmarked || trialCase.clients.length === 1) return null;
  const { method, target } = unmarked.request;
  return {
    kind: "mark",
    says: `the requests of ${trialCase.clients.length} clients cannot be distinguished: the tap in front of ${where} saw ${hop}'s ${method} ${target} without the header field hopwise-request, which the clients sent`,
  };
};

interface About {
  hop: string;
  where: string;
  isLed: boolean;
}

const faultBehind = ({ strangers = [] }: CaseTrace, given: Exchange, { hop, where, isLed }: About): LabFault | null => {
  const status = given.response?.status ?? null;
  const answered = status === null ? `${hop} did not answer` : `${hop} answered ${status}`;
  const until = given.response?.at ?? given.end.at;
  const meanwhile = strangers.filter(({ at }) => at >= given.request.at && at <= until);
  const after = ({ at }: Stranger): string => `${(at - given.request.at).toFixed(1)} ms after the client's request`;
  // Only its time shows for which request it is: an answer without an upstream has none.
  const foreign = meanwhile.find(({ what }) => what !== "unmarked");
  if (foreign && given.nonce === null && !isRefusal(status))
    return {
      kind: "protocol",
      says: `${where} speaks plain HTTP/1, and the tap in front of it saw ${beginnings[foreign.what as keyof typeof beginnings]} from ${hop} ${after(foreign)}: ${answered}`,
    };
  const unmarked = meanwhile.find(({ what, request = "" }) => what === "unmarked" && request.startsWith(`${given.request.method} `));
  if (unmarked && status !== null && status >= 400)
    return {
      kind: "mark",
      says: `the request reached ${where} without the mark of its trial (hopwise=… in the query, or the header field hopwise-request): the tap in front of it saw ${unmarked.request} ${after(unmarked)}, and ${answered}`,
    };
  if (isLed && (status === 502 || status === 504))
    return { kind: "unreached", says: `${answered}, and nothing of the request reached ${where}: the tap in front of it saw no request` };
  return null;
};

const isRefusal = (status: number | null): boolean => status !== null && status >= 400 && status < 500;

const beginnings = { tls: "a TLS handshake", http2: "the preface of HTTP/2", unreadable: "bytes that are no HTTP" };
