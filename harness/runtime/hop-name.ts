// How reports and progress name what runs as a hop.
import type { ServerPlan } from "./runtime.ts";

/** A hop by its server and version: `nginx@1.22`, `http-proxy+compression`. */
export const hopName = (plan: ServerPlan): string => {
  if (plan.kind === "node")
    return [plan.node ? `${plan.hop}@node${plan.node}` : plan.hop, ...plan.middlewares.map(({ id }) => id)].join("+");
  const name = plan.kind === "binary" && plan.version ? `${plan.hop}@${plan.version.asked}` : plan.hop;
  // An application's variants are different servers.
  return plan.kind === "binary" && plan.definition.isProvenByVersion && plan.variant !== "default" ? `${name}:${plan.variant}` : name;
};
