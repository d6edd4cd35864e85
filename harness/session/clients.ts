// What the clients of a scenario speak to its last hop, which gets a listener for it, or is refused.
import type { Scenario } from "../define.ts";
import { AuthorError } from "../errors.ts";
import { protocolWords } from "../model/script.ts";
import type { ClientProtocol, FurtherProtocol } from "../model/script.ts";
import type { Runtime, ServerPlan } from "../runtime/runtime.ts";
import { withoutHttp3 } from "./http3.ts";

export const protocolsOf = ({ request }: Pick<Scenario, "request">): ClientProtocol[] => [
  ...new Set([request?.clients ?? ("h1" as const)].flat()),
];

const listensFor = (plan: ServerPlan): readonly ClientProtocol[] =>
  (plan.kind === "command" ? undefined : plan.definition.clients) ?? ["h1"];

/** The server with the listeners that it needs; throws an AuthorError if it has none for a protocol. */
export const withListeners = (scenario: Scenario, asked: string, plan: ServerPlan): ServerPlan => {
  const spoken = protocolsOf(scenario);
  const known = listensFor(plan);
  const missing = spoken.find((protocol) => !known.includes(protocol));
  if (missing !== undefined)
    throw new AuthorError(
      `${asked} has clients: ${missing}, but its last hop "${plan.hop}" does not listen for ${protocolWords[missing]}: use ${known.join(", ")}, or put a server that does after it`,
    );
  const further = spoken.filter((protocol): protocol is FurtherProtocol => protocol !== "h1");
  return plan.kind === "binary" && further.length > 0 ? { ...plan, listeners: further } : plan;
};

/** Why a scenario cannot be run with its clients; null if it can. */
export const unspokenIn = async (scenario: Scenario, runtime: Pick<Runtime, "unsupported">): Promise<string | null> =>
  protocolsOf(scenario).includes("h3") ? withoutHttp3(runtime) : null;
