// Request bodies.
import { valueOf } from "../context.ts";
import { tiers } from "../rules.ts";
import type { Family, FixRule, SuspectRule } from "../rules.ts";
import { collects } from "../words.ts";

const isTooSmall: SuspectRule = {
  directive: "client_max_body_size",
  says: "refuses what is larger",
  instead: "client_max_body_size 0;",
};

const anySize: FixRule = {
  id: "client_max_body_size",
  title: "client_max_body_size 0: allow uploads of any size",
  when: (context) => valueOf(context, "client_max_body_size") !== "0",
  change: ["client_max_body_size 0;"],
  cost: "the application has to refuse what is too large",
};

export const uploads: Family = {
  suspects: {
    "error-response": [isTooSmall],
    upload: [
      { ...isTooSmall, matches: ([size]) => size !== "0" },
      { directive: "client_body_in_file_only", says: collects, instead: "client_body_in_file_only off;" },
      { directive: "lua_need_request_body", says: collects, instead: "lua_need_request_body off;" },
      {
        directive: "proxy_request_buffering",
        matches: ([value]) => value === "on",
        says: collects,
        instead: "proxy_request_buffering off;",
        group: "buffering",
      },
      {
        lacks: "proxy_request_buffering off",
        when: (context) => valueOf(context, "proxy_request_buffering") === null,
        says: `is not set: nginx ${collects}`,
        instead: "proxy_request_buffering off;",
        group: "buffering",
      },
      {
        lacks: "client_max_body_size",
        when: (context) => valueOf(context, "client_max_body_size") === null,
        says: "is not set: nginx refuses more than 1 MB",
        instead: "client_max_body_size 0;",
        tier: tiers.last,
      },
    ],
  },
  fixes: {
    "error-response": [{ ...anySize, when: (context) => !["0", null].includes(valueOf(context, "client_max_body_size")) }],
    upload: [
      {
        id: "proxy_request_buffering",
        title: "proxy_request_buffering off: pass on uploads as they arrive",
        when: (context) => valueOf(context, "proxy_request_buffering") !== "off",
        change: ["proxy_request_buffering off;"],
        cost: "a slow upload keeps the application busy, and cannot be sent to another server when one fails",
        part: true,
      },
      anySize,
    ],
  },
};
