// What ends a response early, silently, or in the application's stead.
import type { Symptom } from "../../configuration.ts";
import { tiers } from "../charge.ts";
import type { Charge, LineCharge } from "../charge.ts";
import { removeLines, setBuffers, setLines, within } from "../lines.ts";
import { isOn, millisecondsOf, ownLines, valueOf } from "../scene.ts";
import type { Scene } from "../scene.ts";
import type { Directive } from "../tree.ts";
import { oldProtocol } from "./delivery.ts";
import { cuts } from "./words.ts";

/** nginx's limits of time that may end a response, with their defaults. */
const limits: [directive: string, never: string][] = [
  ["proxy_read_timeout", "24h"],
  ["proxy_next_upstream_timeout", "0"],
  // nginx's documentation knows no longer one.
  ["proxy_connect_timeout", "75s"],
  ["proxy_send_timeout", "24h"],
  ["send_timeout", "24h"],
  ["client_body_timeout", "24h"],
  ["keepalive_timeout", "24h"],
  ["keepalive_time", "24h"],
  ["lingering_timeout", "24h"],
];

/** Whether it is this limit that was measured: within a tenth, or a second. */
const tells = ([time = ""]: readonly string[], { limitMs }: Symptom): boolean => {
  const ms = millisecondsOf(time);
  return ms !== null && limitMs !== null && Math.abs(ms - limitMs) <= Math.max(1000, limitMs / 10);
};

const ofLimit = ([directive, never]: [string, string]): LineCharge => ({ directive, says: cuts, instead: `${directive} ${never};` });

const noReadTimeout: Charge = {
  lacks: "proxy_read_timeout",
  when: (scene) => valueOf(scene, "proxy_read_timeout") === null,
  says: (scene) => `is not set: nginx ${cuts(scene, null)}`,
  instead: "proxy_read_timeout 24h;",
};

/** The one whose value was measured comes first, wherever it stands. */
export const timeLimits: Charge[] = [
  ...limits.map((limit): Charge => ({ ...ofLimit(limit), guilty: (args, { symptom }) => tells(args, symptom), tier: tiers.told })),
  ...limits.map((limit): Charge => ({
    ...ofLimit(limit),
    guilty: (args, { symptom }) => !tells(args, symptom) && (symptom.limitMs === null || limit[0] === "proxy_read_timeout"),
  })),
  noReadTimeout,
];

export const truncation: Charge[] = [
  {
    directive: "chunked_transfer_encoding",
    guilty: ([value]) => value === "off",
    says: "has the response end with the connection, so that a cut one looks whole",
    instead: "chunked_transfer_encoding on;",
  },
  ...oldProtocol(() => "makes a cut response look whole"),
];

/** Those of its own, of its server, and of their `if`s. */
const everyReturn = ({ home }: Scene): Directive[] =>
  [home, home.parent].flatMap((level) => (level?.name === "location" || level?.name === "server" ? within(level, "return") : []));

const refusals: [directive: string, says: string, off: string][] = [
  ["auth_request", "has the request refused before the application is asked", "auth_request off;"],
  ["auth_basic", "asks for a password", "auth_basic off;"],
  ["client_max_body_size", "refuses what is larger", "client_max_body_size 0;"],
  ["proxy_ssl_verify", "refuses the upstream's certificate", "proxy_ssl_verify off;"],
];

export const errorResponse: Charge[] = [
  {
    directive: "proxy_intercept_errors",
    guilty: ([value]) => value === "on",
    says: "puts pages of nginx's own in the place of the application's answers",
    instead: "proxy_intercept_errors off;",
  },
  { directive: "limit_req", says: "refuses requests that come too fast" },
  { directive: "limit_conn", says: "refuses more streams than that at once" },
  ...refusals.map(([directive, says, instead]): Charge => ({ directive, says, instead })),
  {
    directive: "deny",
    says: "refuses this client",
    instead: (scene: Scene) => [...removeLines(scene, ownLines(scene, "deny")), ...setLines(scene, ["allow all;"])],
  },
  { directive: "limit_except", says: "refuses this method" },
  { directive: "internal", says: "refuses requests from outside" },
  { directive: "return", lines: everyReturn, says: "answers before the application is asked" },
  { directive: "error_page", when: (scene) => isOn(scene, "proxy_intercept_errors"), says: "answers in the application's stead" },
  {
    directive: "proxy_buffer_size",
    says: "is too small for the application's header section",
    instead: (scene: Scene) => setBuffers(scene, "64k"),
  },
  ...timeLimits,
];

/** What is left open although it is over, or spoilt on its way. */
export const broken: Charge[] = [
  {
    directive: "add_header",
    guilty: ([field]) => /^(?:transfer-encoding|content-length|connection)$/i.test(field ?? ""),
    says: "contradicts nginx's own framing",
  },
  {
    directive: "proxy_cache_lock",
    guilty: ([value]) => value === "on",
    says: "has clients wait for one another",
    instead: "proxy_cache_lock off;",
  },
  { directive: "mirror", says: "keeps the request open for its copy", instead: "mirror off;" },
  ...truncation,
  ...timeLimits,
];

export const reload: Charge[] = [{ directive: "worker_shutdown_timeout", says: "cuts the streams that outlast a reload" }];
