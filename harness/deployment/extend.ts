// A service that extends another: its own fields override the other's. Pure.
import { wrong } from "./scope.ts";
import type { Mapping, Value } from "./tree.ts";

/** Lists that the extending service adds to; its other lists and texts replace the base's. */
const added = new Set([
  "ports",
  "expose",
  "volumes",
  "external_links",
  "links",
  "dns",
  "tmpfs",
  "env_file",
  "configs",
  "secrets",
  "volumes_from",
]);

export const merged = (base: Mapping, over: Mapping): Mapping => {
  const entries = new Map(base.entries);
  for (const [name, one] of over.entries) {
    if (name === "extends") continue;
    const before = entries.get(name);
    entries.set(name, before ? { place: one.place, value: mergedField(name, before.value, one.value) } : one);
  }
  entries.delete("extends");
  return { kind: "mapping", entries, place: over.place };
};

const mergedField = (name: string, base: Value, over: Value): Value => {
  if (over.kind === "nothing") return base;
  if (base.kind === "nothing") return over;
  if (name === "environment" || name === "labels") return { kind: "list", items: [...asPairs(base), ...asPairs(over)], place: over.place };
  if (added.has(name)) return { kind: "list", items: [...asList(base), ...asList(over)], place: over.place };
  if (base.kind !== "mapping" || over.kind !== "mapping") return over;
  const entries = new Map(base.entries);
  for (const [key, one] of over.entries) {
    const before = entries.get(key);
    entries.set(key, before ? { place: one.place, value: mergedField("", before.value, one.value) } : one);
  }
  return { kind: "mapping", entries, place: over.place };
};

const asList = (value: Value): Value[] => (value.kind === "list" ? value.items : [value]);

/** A mapping of variables in the form of a list, so that the two forms can follow each other. */
const asPairs = (value: Value): Value[] =>
  value.kind === "mapping"
    ? [...value.entries].map(([name, { value: given, place }]): Value => {
        if (given.kind === "text") return { kind: "text", text: `${name}=${given.text}`, place, block: false };
        return given.kind === "nothing" ? { kind: "text", text: name, place, block: false } : wrong(given, name, "a text");
      })
    : asList(value);
