// What makes a response its own client's, whole, let go when that client leaves; and what WebSockets and uploads need.
import type { ApplicationRemedy } from "../../configuration.ts";
import { withoutField } from "../charges/delivery.ts";
import { framing } from "../charges/others.ts";
import { wishes } from "../charges/source.ts";
import { missingForUpgrade, upgradeEdits } from "../charges/upgrade.ts";
import type { Cure, Cures } from "../cure.ts";
import { removeLines } from "../lines.ts";
import { cacheControlPage, webSocketPage } from "../pages.ts";
import { isOn, isSet, linesOf, valueOf } from "../scene.ts";
import type { Scene } from "../scene.ts";
import { undo } from "./changes.ts";
import { filtered, http11 } from "./delivery.ts";

const off = (id: string, title: string, cost: string | null): Cure => ({
  id,
  title,
  when: (scene) => isSet(scene, id),
  change: undo(`${id} off;`),
  cost,
});

/** Set where it may stand inherited too, so that what remains of the store's lines does no harm. */
const uncached: Cure = {
  id: "proxy_cache",
  title: "do not cache here (proxy_cache off)",
  when: (scene) => isSet(scene, "proxy_cache"),
  change: ["proxy_cache off;"],
  cost: "this location is no longer cached",
};

const unstored = off("proxy_store", "do not store here (proxy_store off)", "this location's responses are no longer kept as files");

const wishesHeeded: Cure = {
  id: "proxy_ignore_headers",
  title: "heed what the application says of caching",
  when: (scene) =>
    scene.symptom.cacheControl !== null &&
    linesOf(scene, "proxy_ignore_headers").some(({ args }) => args.some((field) => wishes.includes(field.toLowerCase()))),
  change: (scene) => linesOf(scene, "proxy_ignore_headers").flatMap((line) => withoutField(scene, line, wishes)),
  cost: "responses that forbid it are no longer cached",
};

const noStore: ApplicationRemedy = {
  id: "no-store",
  title: "have the application send Cache-Control: no-store",
  headers: [["Cache-Control", "no-store"]],
  link: cacheControlPage,
};

const unlocked = off(
  "proxy_cache_lock",
  "do not have clients wait for one another (no proxy_cache_lock)",
  "the application is asked by all of them while nothing is stored yet",
);

const fresh: Cure[] = [
  off(
    "proxy_cache_background_update",
    "wait for the new stream (no proxy_cache_background_update)",
    "the first client of a new one waits for it",
  ),
  off("proxy_cache_use_stale", "answer with nothing old (no proxy_cache_use_stale)", "clients see errors while the application is away"),
];

export const cached: Cures = { cures: [wishesHeeded, uncached, unstored], application: [noStore] };
export const collapsed: Cures = { cures: [unlocked, ...cached.cures], application: [noStore] };
export const stale: Cures = { cures: [...fresh, ...cached.cures], application: [noStore] };
export const revalidated: Cures = {
  cures: [off("proxy_cache_revalidate", "do not revalidate (no proxy_cache_revalidate)", null), ...cached.cures],
  application: [noStore],
};

const unmirrored = off("mirror", "send no copies of this location's requests", "the mirror no longer sees them");

export const asked: Cures = {
  cures: [
    {
      id: "proxy_next_upstream",
      title: "ask the next server only where the first cannot be reached (proxy_next_upstream error)",
      when: (scene) => linesOf(scene, "proxy_next_upstream")[0]?.args.join(" ") !== "error",
      change: ["proxy_next_upstream error;"],
      cost: "a server that is slow is no longer passed over",
    },
    {
      id: "proxy_next_upstream",
      title: "ask one server only (proxy_next_upstream off)",
      when: (scene) => valueOf(scene, "proxy_next_upstream") !== "off",
      change: ["proxy_next_upstream off;"],
      cost: "a server that is down is no longer passed over",
    },
    unmirrored,
    ...fresh,
    {
      id: "slice",
      title: "ask for the whole response at once (slice 0)",
      when: (scene) => (valueOf(scene, "slice") ?? "0") !== "0",
      change: ["slice 0;"],
      cost: "large files are stored as a whole",
    },
    {
      id: "proxy_read_timeout",
      title: "wait for an hour (proxy_read_timeout 1h)",
      when: () => true,
      change: ["proxy_read_timeout 1h;"],
      cost: "a server that hangs is noticed an hour later",
    },
  ],
  application: [],
};

const telling = (id: string, title: string): Cure => {
  const lines = (scene: Scene) => linesOf(scene, id).filter(({ args }) => framing.test(args[0]?.split(":", 1)[0] ?? ""));
  return {
    id,
    title,
    when: (scene) => lines(scene).length > 0,
    change: (scene) => removeLines(scene, lines(scene)),
    cost: null,
    part: true,
  };
};

export const altered: Cures = {
  cures: [
    telling("add_header", "leave the application's own field alone (no add_header)"),
    telling("proxy_hide_header", "pass on the application's own field (no proxy_hide_header)"),
    telling("more_set_headers", "leave the application's own field alone (no more_set_headers)"),
    telling("more_clear_headers", "pass on the application's own field (no more_clear_headers)"),
    { ...off("charset", "leave the Content-Type alone (no charset)", "clients are no longer told the charset here"), part: true },
    ...filtered,
  ],
  application: [],
};

export const disconnect: Cures = {
  cures: [
    {
      id: "proxy_ignore_client_abort",
      title: "let the application know (no proxy_ignore_client_abort)",
      when: (scene) => isOn(scene, "proxy_ignore_client_abort"),
      change: undo("proxy_ignore_client_abort off;"),
      cost: "work that should be finished for a client that has left is broken off",
      part: true,
    },
    { ...uncached, part: true },
    { ...unstored, part: true },
    unmirrored,
  ],
  application: [noStore],
};

export const upgrade: Cures = {
  cures: [
    {
      id: "proxy_set_header",
      title: "pass on the wish to upgrade",
      when: (scene) => missingForUpgrade(scene).length > 0,
      change: upgradeEdits,
      cost: "ordinary requests of this location carry Connection: upgrade too",
      link: webSocketPage,
    },
  ],
  application: [],
};

export const upload: Cures = {
  cures: [
    {
      id: "proxy_request_buffering",
      title: "pass on uploads as they come (proxy_request_buffering off)",
      when: (scene) => valueOf(scene, "proxy_request_buffering") !== "off",
      change: ["proxy_request_buffering off;"],
      cost: "a slow upload keeps the application busy, and cannot be sent to another server when one fails",
      part: true,
    },
    http11,
    { ...unmirrored, part: true },
    {
      id: "client_max_body_size",
      title: "let in uploads of any size (client_max_body_size 0)",
      when: (scene) => valueOf(scene, "client_max_body_size") !== "0",
      change: ["client_max_body_size 0;"],
      cost: "the application has to refuse what is too large",
    },
  ],
  application: [],
};
