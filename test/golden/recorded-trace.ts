// The door for saved traces: what they were recorded with, in the types of today. Pure.
import { caseRoles } from "../../harness/model/case-identity.ts";
import type { CaseIdentity } from "../../harness/model/case-identity.ts";
import { readRequestId } from "../../harness/model/request-id.ts";
import type { Case, ClientPlan, ClientProtocol } from "../../harness/model/script.ts";
import type { Exchange, Problem, Trace } from "../../harness/model/trace.ts";

type Recorded = Omit<Trace, "cases"> & { cases: RecordedCase[]; controlStack?: "tls" | "h2" };
type RecordedClient = Omit<ClientPlan, "protocol"> & { protocol?: ClientProtocol; tls?: "http/1.1" | "h2" | null };
type CaseTrace = Trace["cases"][number];
type RecordedCase = Omit<CaseTrace, "case" | "origin" | "exchanges"> & {
  case: Omit<Case, keyof CaseIdentity | "clients"> & Partial<CaseIdentity> & { clients: RecordedClient[] };
  origin: RecordedRequest[];
  exchanges: RecordedExchange[];
};
type RecordedExchange = Omit<Exchange, "problems"> & { problems: (Problem | string)[] };
type RecordedRequest = Omit<CaseTrace["origin"][number], "request"> & { request: CaseTrace["origin"][number]["request"] | string };

/** A trace as JSON, of today or earlier. */
export const traceOfToday = (recorded: unknown): Trace => {
  const { controlStack, ...trace } = recorded as Recorded;
  // There was one control, of the only protocol.
  const controls = controlStack === undefined ? {} : { controls: { [controlStack === "tls" ? "h1-tls" : controlStack]: trace.control } };
  return { ...trace, ...controls, cases: trace.cases.map(caseOfToday) };
};

const caseOfToday = ({ case: trialCase, origin, exchanges, ...rest }: RecordedCase): CaseTrace => ({
  ...rest,
  case: { ...identityIn(trialCase.id), ...trialCase, clients: trialCase.clients.map(clientOfToday) },
  origin: origin.map(({ request, ...one }) => ({ ...one, request: typeof request === "string" ? readRequestId(request) : request })),
  exchanges: exchanges.map((exchange) => ({ ...exchange, problems: exchange.problems.map(problemOfToday) })),
});

const clientOfToday = ({ tls, ...client }: RecordedClient): ClientPlan => ({
  ...client,
  protocol: client.protocol ?? (tls === "h2" ? "h2" : tls ? "h1-tls" : "h1"),
});

/** Cases were recorded with their id alone. */
const identityIn = (id: string): CaseIdentity => {
  const [, name = "", again, number = "1", place = ""] = /^([^@]*?)(-again(?:-(\d+))?)?(?:@(.*))?$/s.exec(id) ?? [];
  const role = caseRoles.find((one) => name === one || name.startsWith(`${one}-`));
  if (role === undefined) throw new Error(`There is no role of a case in "${id}"`);
  return { role, variant: name.slice(role.length + 1), place, attempt: again === undefined ? 1 : Number(number) + 1 };
};

/** Problems were recorded as sentences. */
const problemOfToday = (problem: Problem | string): Problem => {
  if (typeof problem !== "string") return problem;
  const isStray = /stray|behind the end/.test(problem);
  return { code: isStray ? "stray-bytes" : problem.startsWith("the content coding") ? "unknown-coding" : "syntax", words: problem };
};
