// What lets a response go on to its end, and a cut one be seen.
import type { Cure, Cures } from "../cure.ts";
import { removeLines, setBuffers } from "../lines.ts";
import { isOn, linesOf, millisecondsOf, valueOf } from "../scene.ts";
import type { Scene } from "../scene.ts";
import { undo } from "./changes.ts";
import { http11 } from "./delivery.ts";

const hourMs = 3_600_000;

const shorterThanAnHour = (scene: Scene, directive: string): boolean => {
  const value = valueOf(scene, directive);
  return value !== null && (millisecondsOf(value) ?? 0) < hourMs;
};

const longer: Cure[] = ["proxy_read_timeout", "send_timeout", "proxy_send_timeout", "client_body_timeout"].map((id) => ({
  id,
  title: `wait for an hour (${id} 1h)`,
  when: (scene) => shorterThanAnHour(scene, id) || (id === "proxy_read_timeout" && valueOf(scene, id) === null),
  change: [`${id} 1h;`],
  cost: "what hangs is noticed an hour later; without this an application that writes something more often than the limit, a comment line say, is not cut either",
}));

const otherServer: Cure = {
  id: "proxy_next_upstream_timeout",
  title: "set no limit to the search for another server",
  when: (scene) => (valueOf(scene, "proxy_next_upstream_timeout") ?? "0") !== "0",
  change: ["proxy_next_upstream_timeout 0;"],
  cost: "a client may wait longer for its error",
};

export const limit: Cures = { cures: [...longer, otherServer], application: [] };

const chunked: Cure = {
  id: "chunked_transfer_encoding",
  title: "let the response have its chunks (no chunked_transfer_encoding off)",
  when: (scene) => valueOf(scene, "chunked_transfer_encoding") === "off",
  change: undo("chunked_transfer_encoding on;"),
  cost: null,
  part: true,
};

export const truncation: Cures = { cures: [chunked, http11], application: [] };

const lifted: Cure[] = [
  { id: "limit_req", title: "do not limit how often this may be asked for", cost: "requests come as fast as clients send them" },
  { id: "limit_conn", title: "do not limit how many streams there are", cost: "one client may hold any number of streams" },
].map((cure) => ({
  ...cure,
  when: (scene) => linesOf(scene, cure.id).length > 0,
  change: (scene) => removeLines(scene, linesOf(scene, cure.id)),
}));

export const errorResponse: Cures = {
  cures: [
    {
      id: "proxy_intercept_errors",
      title: "pass on the application's own answers (no proxy_intercept_errors)",
      when: (scene) => isOn(scene, "proxy_intercept_errors"),
      change: undo("proxy_intercept_errors off;"),
      cost: "error pages of nginx's own are no longer shown here",
    },
    {
      id: "proxy_buffer_size",
      title: "make room for a large header section (proxy_buffer_size 64k)",
      when: (scene) => valueOf(scene, "proxy_buffer_size") !== null,
      change: (scene) => setBuffers(scene, "64k"),
      cost: "each request takes more memory",
    },
    ...lifted,
    ...longer,
    otherServer,
  ],
  application: [],
};

export const broken: Cures = {
  cures: [
    {
      id: "add_header",
      title: "leave the framing to nginx",
      when: (scene) => framingLines(scene).length > 0,
      change: (scene) => removeLines(scene, framingLines(scene)),
      cost: null,
    },
    {
      id: "proxy_cache_lock",
      title: "do not have clients wait for one another (no proxy_cache_lock)",
      when: (scene) => isOn(scene, "proxy_cache_lock"),
      change: undo("proxy_cache_lock off;"),
      cost: "the application is asked by all of them while nothing is stored yet",
    },
    {
      id: "mirror",
      title: "send no copies of this location's requests",
      when: (scene) => (valueOf(scene, "mirror") ?? "off") !== "off",
      change: undo("mirror off;"),
      cost: "the mirror no longer sees them",
    },
    ...truncation.cures,
    ...longer,
  ],
  application: [],
};

const framingLines = (scene: Scene) =>
  linesOf(scene, "add_header").filter(({ args }) => /^(?:transfer-encoding|content-length|connection)$/i.test(args[0] ?? ""));

export const reload: Cures = {
  cures: [
    {
      id: "worker_shutdown_timeout",
      title: "let old workers finish their streams (no worker_shutdown_timeout)",
      when: (scene) => linesOf(scene, "worker_shutdown_timeout").length > 0,
      change: (scene) => removeLines(scene, linesOf(scene, "worker_shutdown_timeout")),
      cost: "after a reload the old workers stay until their last stream has ended",
    },
  ],
  application: [],
};
