// Which requests are sent to another server of an upstream.
import { linesOf, valueOf } from "../context.ts";
import { tiers } from "../rules.ts";
import type { Family } from "../rules.ts";

const says = "sends the same request to the application again when it fails or is slow";

export const retries: Family = {
  suspects: {
    asked: [
      { directive: "proxy_next_upstream", says, instead: "proxy_next_upstream off;", tier: tiers.measured },
      {
        lacks: "proxy_next_upstream",
        when: (context) => valueOf(context, "proxy_next_upstream") === null,
        says: "is not set: nginx tries the next server of the upstream when one fails or is slow",
        instead: "proxy_next_upstream off;",
        tier: tiers.measured,
      },
    ],
  },
  fixes: {
    asked: [
      {
        id: "proxy_next_upstream",
        title: "proxy_next_upstream error: try the next server only if the first cannot be reached",
        when: (context) => linesOf(context, "proxy_next_upstream")[0]?.args.join(" ") !== "error",
        change: ["proxy_next_upstream error;"],
        cost: "a server that is slow is no longer passed over",
      },
      {
        id: "proxy_next_upstream",
        title: "proxy_next_upstream off: try one server only",
        when: (context) => valueOf(context, "proxy_next_upstream") !== "off",
        change: ["proxy_next_upstream off;"],
        cost: "a server that is down is no longer passed over",
      },
    ],
  },
};
