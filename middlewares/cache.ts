// A shared cache in memory. It stores complete responses to GET and never revalidates: a stale response is requested again.
import type CachePolicy from "http-cache-semantics";
import type { ServerResponse } from "node:http";
import { defineMiddleware } from "../harness/define.ts";
import { beforeHead } from "./_before-head.ts";
import { finish, grow, newEntry, replay } from "./_entry.ts";
import type { Entry } from "./_entry.ts";

export default defineMiddleware({
  title: "A shared cache (RFC 9111, by http-cache-semantics)",
  link: "https://www.rfc-editor.org/rfc/rfc9111",
  package: "http-cache-semantics",
  variants: {
    default: { title: "fresh for a minute without explicit freshness", options: { ttlSeconds: 60 } },
    "ignores-no-store": { title: "ignores Cache-Control", options: { ttlSeconds: 60, ignoresCacheControl: true } },
    collapses: { title: "joins concurrent requests for the same URL", options: { ttlSeconds: 60, collapses: true } },
  },
  create: async (options) => {
    const { policyOf, requestOf } = await import("./_policy.ts");
    const known = new Map<string, Kept[]>();
    return (request, response, next) => {
      if (request.method !== "GET" || request.headers.range !== undefined) return next();
      const key = `${request.headers.host} ${request.url}`;

      const lead = (): void => {
        const kept: Kept = { entry: null, policy: undefined, waiting: [] };
        known.set(key, [...(known.get(key) ?? []), kept].slice(-variantsPerUrl));
        const drop = (): void => remove(known, key, kept);
        follow(kept, response, () => policyOf(request, response, options), drop);
        while (known.size > urls) known.delete(known.keys().next().value ?? "");
        next();
      };

      const use = (kept: Kept): boolean => {
        const { entry, policy } = kept;
        const usable = entry !== null && (entry.state === "complete" || (options["collapses"] === true && entry.state === "live"));
        if (!usable || !policy?.satisfiesWithoutRevalidation(requestOf(request))) return false;
        replay(entry, policy.age(), response);
        return true;
      };

      const list = known.get(key) ?? [];
      if (list.some(use)) return;
      const inconclusive = options["collapses"] === true ? list.find(({ policy }) => policy === undefined) : undefined;
      if (inconclusive) inconclusive.waiting.push(() => void (response.destroyed || use(inconclusive) || lead()));
      else lead();
    };
  },
});

const urls = 200;
const variantsPerUrl = 16;
const largestBytes = 16 * 1024 * 1024;

interface Kept {
  entry: Entry | null;
  /** undefined: no header section yet. null: must not be used for anyone else. */
  policy: CachePolicy | null | undefined;
  /** Requests that wait for the header section to know whether they may join. */
  waiting: (() => void)[];
}

const remove = (known: Map<string, Kept[]>, key: string, kept: Kept): void => {
  const rest = (known.get(key) ?? []).filter((other) => other !== kept);
  if (rest.length > 0) known.set(key, rest);
  else known.delete(key);
};

/** Keeps a copy of the handler's response, and discards it as soon as it cannot be used. */
const follow = (kept: Kept, response: ServerResponse, judge: () => CachePolicy | null, drop: () => void): void => {
  const { write, end } = response;
  let ended = false;

  const decide = (policy: CachePolicy | null): void => {
    kept.policy = policy;
    if (!policy) drop();
    for (const wake of kept.waiting.splice(0)) wake();
  };
  const open = (): Entry => {
    if (kept.entry) return kept.entry;
    kept.entry = newEntry(response);
    decide(judge());
    return kept.entry;
  };
  const add = ([data, encoding]: unknown[]): void => {
    const entry = open();
    if (!kept.policy || (typeof data !== "string" && !(data instanceof Uint8Array)) || data.length === 0) return;
    grow(entry, Buffer.from(data as string, encoding as BufferEncoding));
    if (entry.bytes <= largestBytes) return;
    drop();
    if (entry.readers.size === 0) kept.policy = null;
  };

  beforeHead(response, open);
  response.write = function (this: ServerResponse, ...args: unknown[]) {
    const more = Reflect.apply(write, this, args);
    add(args);
    return more;
  } as typeof write;
  response.end = function (this: ServerResponse, ...args: unknown[]) {
    const result = Reflect.apply(end, this, args);
    add(args);
    ended = true;
    const entry = open();
    finish(entry, isWhole(entry) ? "complete" : "broken");
    if (entry.state === "broken") drop();
    return result;
  } as typeof end;
  response.once("close", () => {
    if (ended) return;
    if (kept.entry) finish(kept.entry, "broken");
    decide(null);
  });
};

const isWhole = ({ fields, bytes }: Entry): boolean => {
  const length = fields.find(([name]) => name === "content-length")?.[1];
  return length === undefined || Number(length) === bytes;
};
