// Which response header fields differ between a response and the origin's own: what that means for a stream, and the names of the rest. Both come
// from requests of their own, so a field that differs may differ from request to request. Pure.
import { headerValue } from "../../decode/http1.ts";
import type { FieldChange, Finding, Level } from "./findings.ts";
import type { Judged } from "./judge.ts";
import type { Head } from "./observation.ts";

/** Null: the field is not there. */
interface Values {
  from: string | null;
  to: string | null;
}

interface Rule {
  field: string;
  kind: FieldChange;
  level: Level;
  isSo: (values: Values) => boolean;
}

const isAdded = ({ from, to }: Values): boolean => from === null && to !== null;
const isRemoved = ({ from, to }: Values): boolean => from !== null && to === null;
const has = (value: string | null, directive: RegExp): boolean => value !== null && directive.test(value);
const lost =
  (directive: RegExp) =>
  ({ from, to }: Values): boolean =>
    has(from, directive) && !has(to, directive);

/** Of each field the first that applies. */
const rules: readonly Rule[] = [
  { field: "content-encoding", kind: "coding-added", level: "note", isSo: isAdded },
  { field: "content-encoding", kind: "coding-removed", level: "note", isSo: isRemoved },
  { field: "content-encoding", kind: "coding-changed", level: "note", isSo: () => true },
  { field: "x-accel-buffering", kind: "accel-buffering-added", level: "note", isSo: isAdded },
  { field: "x-accel-buffering", kind: "accel-buffering-removed", level: "note", isSo: isRemoved },
  { field: "cache-control", kind: "caching-allowed", level: "warning", isSo: lost(/\b(no-store|no-cache|private)\b/i) },
  { field: "cache-control", kind: "transform-allowed", level: "note", isSo: lost(/\bno-transform\b/i) },
  { field: "cache-control", kind: "cache-control-changed", level: "note", isSo: () => true },
  { field: "vary", kind: "vary-added", level: "note", isSo: ({ from, to }) => lost(/\baccept-encoding\b/i)({ from: to, to: from }) },
  { field: "vary", kind: "vary-removed", level: "note", isSo: lost(/\baccept-encoding\b/i) },
  { field: "age", kind: "age-added", level: "note", isSo: isAdded },
  { field: "via", kind: "via-added", level: "note", isSo: isAdded },
  { field: "etag", kind: "etag-removed", level: "note", isSo: isRemoved },
  { field: "etag", kind: "etag-weakened", level: "note", isSo: lost(/^"/) },
  {
    field: "connection",
    kind: "connection-closed",
    level: "note",
    isSo: ({ from, to }) => has(to, /\bclose\b/i) && !has(from, /\bclose\b/i),
  },
];

/** Each connection has its own, and HTTP/2 has none (RFC 9113 §8.2.2). */
const ofConnections = new Set(["connection", "keep-alive", "proxy-connection", "upgrade", "trailer"]);
/** The framing says it; and every response has another date. */
const notCompared = new Set(["transfer-encoding", "content-length", "date"]);

/** Whitespace and the order of several fields of one name are all that may differ. */
const valueIn = (head: Head, name: string): string | null => headerValue(head.headers, name)?.replaceAll(/\s*,\s*/g, ", ") ?? null;

const typeOf = (value: string | null): string => (value ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";

export const headerChangesOf = (path: Head, origin: Head): Finding[] => {
  const isStream = path.framing === "stream" || origin.framing === "stream";
  const names = new Set([...origin.headers, ...path.headers].map(({ name }) => name.toLowerCase()));
  const found = framingOf(path, origin);
  const others = { added: [] as string[], removed: [] as string[], changed: [] as string[] };
  for (const name of names) {
    const values: Values = { from: valueIn(origin, name), to: valueIn(path, name) };
    if (values.from === values.to || notCompared.has(name) || (isStream && ofConnections.has(name))) continue;
    const rule = rules.find(({ field, isSo }) => field === name && isSo(values));
    if (name === "content-type" && typeOf(values.from) !== typeOf(values.to))
      found.push({ level: "error", facet: "integrity", kind: "type-changed", ...values });
    else if (rule) found.push({ level: rule.level, facet: "about", kind: "field-changed", change: rule.kind, ...values });
    else if (!ofConnections.has(name)) others[isAdded(values) ? "added" : isRemoved(values) ? "removed" : "changed"].push(name);
  }
  if (Object.values(others).some((list) => list.length > 0)) found.push({ level: "note", facet: "about", kind: "other-fields", ...others });
  return found.length > 0 ? found : [{ level: "ok", facet: "about", kind: "fields-kept" }];
};

const framingOf = (path: Head, origin: Head): Finding[] => {
  const values: Values = { from: valueIn(origin, "content-length"), to: valueIn(path, "content-length") };
  const changed = (change: FieldChange, level: Level): Finding[] => [{ level, facet: "about", kind: "field-changed", change, ...values }];
  // Of HTTP/2 and HTTP/3 the length is not kept.
  if (path.framing === "stream") return origin.framing === "close" ? changed("end-marked", "note") : [];
  if (isAdded(values)) return changed("length-added", "warning");
  if (path.framing === "close" && origin.framing !== "close") return changed("end-unmarked", "warning");
  if (origin.framing === "close" && path.framing !== "close") return changed("end-marked", "note");
  return isRemoved(values) ? changed("length-removed", "note") : [];
};

/** Each with the origin's response to the same way to ask, over any version. Another status is another response. */
export const withHeaderChanges = (path: readonly Judged[], origin: readonly Judged[]): Judged[] =>
  path.map((one) => {
    const { head, variation } = one.observed;
    const direct = origin.find(({ observed }) => observed.variation.acceptEncoding === variation.acceptEncoding)?.observed.head;
    if (!head || !direct || head.status !== direct.status || variation.isAgain) return one;
    return { ...one, findings: [...one.findings, ...headerChangesOf(head, direct)] };
  });
