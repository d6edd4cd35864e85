// How bytes are sent: pushes, files, rates.
import { valueOf } from "../context.ts";
import type { Family, FixRule, SuspectRule } from "../rules.ts";
import { effect } from "../words.ts";
import { sentFromFile, whileStored } from "./caching.ts";

const rates: SuspectRule[] = [
  { directive: "limit_rate", matches: ([rate]) => rate !== "0", says: effect, instead: "limit_rate 0;", group: "rate" },
  {
    directive: "proxy_limit_rate",
    matches: ([rate]) => rate !== "0",
    when: (context) => valueOf(context, "proxy_buffering") !== "off",
    says: effect,
    instead: "proxy_limit_rate 0;",
    group: "rate",
  },
];

const unlimited: FixRule[] = ["limit_rate", "proxy_limit_rate"].map((id) => ({
  id,
  title: `${id} 0: remove the rate limit for this location`,
  when: (context) => (valueOf(context, id) ?? "0") !== "0",
  change: [`${id} 0;`],
  cost: "clients of this location are no longer rate-limited",
  part: true,
}));

const fromMemory: FixRule = {
  id: "sendfile",
  title: "sendfile off: send a response that is being written to disk from memory",
  when: sentFromFile,
  change: ["sendfile off;"],
  cost: "files of this location are copied once more before they are sent",
  against: ["proxy_cache", "proxy_store"],
  part: true,
};

const atOnce = "send each event immediately";

const suspects: SuspectRule[] = [
  ...rates,
  { directive: "tcp_nopush", when: sentFromFile, says: whileStored, instead: "tcp_nopush off;", group: "storing" },
  { directive: "sendfile", when: sentFromFile, says: whileStored, instead: "sendfile off;", group: "storing" },
];

export const sending: Family = {
  suspects: { delivery: suspects, headers: suspects },
  fixes: { delivery: [...unlimited, fromMemory], headers: unlimited },
  beliefs: [
    { directive: "tcp_nodelay", like: /^on$/, own: true, belief: atOnce },
    { directive: "tcp_nopush", like: /^off$/, own: true, belief: atOnce },
    { directive: "sendfile", like: /^off$/, own: true, belief: atOnce },
    { directive: "output_buffers", own: true, belief: atOnce },
  ],
};
