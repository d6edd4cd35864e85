// The sentences of what happened to header fields on the way: what a change means for a stream. Pure.
import type { FieldChange, Finding } from "../probe/judge/findings.ts";
import { plain } from "./text.ts";

type Words = (from: string, to: string) => string;

const words = {
  "coding-added": (_, to) => `Content-Encoding: ${to} was added on the way: whatever compresses must flush after each record`,
  "coding-removed": (from) =>
    `Content-Encoding: ${from} was removed on the way: a hop decodes the response, record by record if nothing is to be late`,
  "coding-changed": (from, to) =>
    `Content-Encoding was ${from} and is ${to}: a hop decodes and compresses again, and must flush after each record`,
  "accel-buffering-added": (_, to) =>
    `X-Accel-Buffering: ${to} was added on the way: an nginx in front of that hop obeys it; that hop itself does not`,
  "accel-buffering-removed": (from) =>
    `X-Accel-Buffering: ${from} was removed on the way, as nginx does, which obeys it unless proxy_ignore_headers names it; a further nginx in front does not see it`,
  "caching-allowed": (from, to) =>
    `Cache-Control was ${from} and is ${to === "" ? "gone" : to}: a cache in front of that hop may keep the stream, and answer others with it`,
  "transform-allowed": (from, to) =>
    `Cache-Control was ${from} and is ${to === "" ? "gone" : to}: without no-transform, hops in front of that one may compress the stream`,
  "cache-control-changed": (from, to) =>
    `Cache-Control was ${from === "" ? "absent" : from} and is ${to === "" ? "gone" : to}: caches in front of that hop decide by the new value`,
  "length-added": (_, to) => `Content-Length: ${to} was added on the way: a hop had the whole response before it sent the header section`,
  "length-removed": (from) => `Content-Length: ${from} was removed on the way: a client cannot know how much is to come`,
  "end-unmarked": () =>
    "the origin marks the end of its response, and what arrives ends with its connection: a hop removed the framing, so that a cut looks like the end",
  "end-marked": () =>
    "the origin's response ends with its connection, and what arrives has a marked end: a hop cannot know whether the origin was cut",
  "vary-added": (_, to) => `Vary: ${to} was added on the way: something there compresses, depending on the request`,
  "vary-removed": (from) =>
    `Vary: ${from} lost Accept-Encoding on the way: a cache may give a compressed stream to a client that did not ask for it`,
  "age-added": (_, to) =>
    `Age: ${to} was added on the way: the response passed a cache${to === "0" ? ", which had not kept it before" : " that had kept it"}`,
  "via-added": (_, to) => `Via: ${to} was added on the way: proxies name themselves`,
  "etag-weakened": (from, to) =>
    `ETag was ${from} and is ${to}, which is weak: a hop changes bytes, as compression does, and a cut download cannot be resumed (RFC 9110 §13.1.5)`,
  "etag-removed": (from) => `ETag: ${from} was removed on the way: a hop changes bytes, and a cut download cannot be resumed`,
  "connection-closed": () => "Connection: close was added on the way: every request needs a connection of its own",
} satisfies Record<FieldChange, Words>;

const listOf = (title: string, names: readonly string[]): string[] => (names.length === 0 ? [] : [`${title} ${names.join(", ")}`]);

type OfFields = Extract<Finding, { kind: "field-changed" | "other-fields" | "fields-kept" | "type-changed" }>;

export const fieldWords = (finding: OfFields): string => {
  switch (finding.kind) {
    case "field-changed":
      return words[finding.change](plain(finding.from ?? ""), plain(finding.to ?? ""));
    case "type-changed":
      return `Content-Type was ${plain(finding.from ?? "absent")} and is ${plain(finding.to ?? "gone")}: clients choose by it how to read, and an EventSource takes text/event-stream only`;
    case "other-fields":
      return `other header fields that differ from the origin's: ${[...listOf("added", finding.added), ...listOf("removed", finding.removed), ...listOf("another value of", finding.changed)].map(plain).join("; ")}`;
    case "fields-kept":
      return "the header fields are those of the origin";
  }
};
