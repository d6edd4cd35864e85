// What lets bytes through: the stream's own, and those of its header section.
import type { ApplicationRemedy } from "../../configuration.ts";
import { codings, encodes, sentFromFile, withoutField, withoutHttp2, withoutType } from "../charges/delivery.ts";
import type { Cure, Cures } from "../cure.ts";
import { removeLines } from "../lines.ts";
import { accelPage, pageOf } from "../pages.ts";
import { hidesOthers, isOfUser, isOn, isSet, lineOf, linesOf, mediaTypeOf, speaksHttp10, typeIn, valueOf } from "../scene.ts";
import type { Scene } from "../scene.ts";
import type { Directive } from "../tree.ts";
import { speakHttp11 } from "./changes.ts";

/** The line that can do without this type, if there is one. */
const sparingLine = (scene: Scene, types: string): Directive | null => {
  const found = typeIn(scene, types);
  if (found === null || found === "always" || found.line.args.includes("*") || !isOfUser(scene, found.line)) return null;
  return found.line.args.length > 1 || !hidesOthers(found.line) ? found.line : null;
};

const uncoded: Cure[] = codings.flatMap((coded): Cure[] => [
  {
    id: coded.types,
    title: (scene) => `take ${mediaTypeOf(scene.symptom)} out of ${coded.types}`,
    when: (scene) => encodes(scene, coded) && sparingLine(scene, coded.types) !== null,
    change: (scene) => {
      const line = sparingLine(scene, coded.types);
      if (!line) return [];
      return line.args.length > 1 ? withoutType(scene, line) : removeLines(scene, [line]);
    },
    cost: "responses of this type are no longer compressed",
    part: true,
  },
  {
    id: coded.directive,
    title: `do not compress here (${coded.directive} off)`,
    when: (scene) => encodes(scene, coded) && sparingLine(scene, coded.types) === null,
    change: [`${coded.directive} off;`],
    cost: "this location is no longer compressed",
    part: true,
  },
]);

export const http11: Cure = {
  id: "proxy_http_version",
  title: "speak HTTP/1.1 to the upstream",
  when: speaksHttp10,
  change: speakHttp11,
  cost: null,
  part: true,
};

const rewrites = (scene: Scene): boolean => linesOf(scene, "sub_filter").length > 0;

const unfiltered: Cure[] = [
  {
    id: "sub_filter_types",
    title: "substitute in HTML only",
    when: (scene) => rewrites(scene) && typeof typeIn(scene, "sub_filter_types") === "object" && typeIn(scene, "sub_filter_types") !== null,
    change: ["sub_filter_types text/html;"],
    cost: "nothing is substituted in this location's responses of other types",
    part: true,
  },
  {
    id: "sub_filter",
    title: "do not substitute",
    when: (scene) => rewrites(scene) && typeIn(scene, "sub_filter_types") === "always",
    change: (scene) => removeLines(scene, linesOf(scene, "sub_filter")),
    cost: "nothing is substituted any more where these lines were in effect",
    part: true,
  },
  {
    id: "ssi",
    title: "do not look for server-side includes here",
    when: (scene) => isOn(scene, "ssi") && typeIn(scene, "ssi_types") !== null,
    change: ["ssi off;"],
    cost: "server-side includes are no longer carried out in this location",
    part: true,
  },
  ...["add_before_body", "add_after_body"].map((id): Cure => ({
    id,
    title: `add nothing here (${id})`,
    when: (scene) => Boolean(valueOf(scene, id)) && typeIn(scene, "addition_types") !== null,
    change: [`${id} "";`],
    cost: "nothing is added to this location's responses",
    part: true,
  })),
  ...["gunzip", "image_filter", "modsecurity"].map((id): Cure => ({
    id,
    title: `do without ${id} here`,
    when: (scene) => isSet(scene, id),
    change: [`${id} off;`],
    cost: `this location does without ${id}`,
    part: true,
  })),
];

const unlimited: Cure[] = ["limit_rate", "proxy_limit_rate"].map((id) => ({
  id,
  title: `do not limit the rate here (${id} 0)`,
  when: (scene) => (valueOf(scene, id) ?? "0") !== "0",
  change: [`${id} 0;`],
  cost: "a client of this location may take as much as the line gives",
  part: true,
}));

const accelHeeded: Cure = {
  id: "proxy_ignore_headers",
  title: "heed the application's X-Accel-Buffering",
  when: (scene) => lineOf(scene, "proxy_ignore_headers")?.args.some((field) => field.toLowerCase() === "x-accel-buffering") ?? false,
  change: (scene) => linesOf(scene, "proxy_ignore_headers").flatMap((line) => withoutField(scene, line, ["x-accel-buffering"])),
  cost: null,
};

const fromMemory: Cure = {
  id: "sendfile",
  title: "send what is being stored from memory (sendfile off)",
  when: sentFromFile,
  change: ["sendfile off;"],
  cost: "files of this location are copied once more on their way",
  part: true,
};

const caches = (scene: Scene): boolean => isSet(scene, "proxy_cache") || isSet(scene, "proxy_store");

const unbuffered = (cached: boolean): Cure => ({
  id: "proxy_buffering",
  title: "pass on at once what comes (proxy_buffering off)",
  when: (scene) => valueOf(scene, "proxy_buffering") !== "off" && caches(scene) === cached,
  change: ["proxy_buffering off;"],
  cost: cached
    ? "this location's responses are no longer stored, and a slow client keeps the application waiting"
    : "a slow client keeps the application waiting",
});

const notPostponed: Cure = {
  id: "postpone_output",
  title: "send small pieces at once (postpone_output 0)",
  when: (scene) => valueOf(scene, "postpone_output") !== "0",
  change: ["postpone_output 0;"],
  cost: "small responses may take one packet more",
};

const accelHeader: ApplicationRemedy = {
  id: "x-accel-buffering",
  title: "have the application send X-Accel-Buffering: no",
  headers: [["X-Accel-Buffering", "no"]],
  link: accelPage,
};

export const filtered: Cure[] = unfiltered;

export const delivery: Cures = {
  cures: [...uncoded, http11, ...unfiltered, ...unlimited, fromMemory, accelHeeded, unbuffered(false), unbuffered(true)],
  application: [accelHeader],
};

const http2Away: Cure = {
  id: "http2",
  title: "speak HTTP/1.1 to the client (no http2 behind listen); or update nginx: 1.26 does not hold it",
  when: (scene) => withoutHttp2(scene).length > 0,
  change: withoutHttp2,
  cost: "clients of this address speak HTTP/1.1: a browser opens six connections to a host at most",
  link: pageOf("listen"),
  part: true,
};

/** With a store the header section can be let go without giving it up. */
export const headers: Cures = {
  cures: [{ ...unbuffered(false), part: true }, notPostponed, ...unlimited, accelHeeded, { ...unbuffered(true), part: true }, http2Away],
  application: [accelHeader],
};
