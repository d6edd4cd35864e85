// What a WebSocket needs, and what of it is missing: only all of it together helps. https://nginx.org/en/docs/http/websocket.html
import type { Suspect } from "../../../configuration.ts";
import { ancestors, lineOf, ownLines, hidesOthers, speaksHttp10 } from "../context.ts";
import type { Context, Spot } from "../context.ts";
import { docs } from "../docs.ts";
import { wordsOf, headerLine, setHeaders } from "../lines.ts";
import { sourcesOf, valuesOf } from "../possible-values.ts";
import type { Family } from "../rules.ts";
import { lookupAll } from "../tree.ts";
import type { Directive } from "../tree.ts";
import { setsOf } from "../upstreams.ts";
import { speaker } from "../words.ts";

const webSocketPage = `${docs}http/websocket.html`;

interface Missing {
  line: Directive | null;
  directive: string;
  says: string;
  /** What it says is of the configuration alone. */
  hides?: true;
}

const needs = { Upgrade: "$http_upgrade", Connection: '"upgrade"' };

const fits: Record<keyof typeof needs, RegExp> = { Upgrade: /websocket/i, Connection: /upgrade/i };

/** A variable that comes from the request may be anything, and is given credit; one that a map makes, only if one of its values fits. */
const isFit = ({ block }: Spot, field: string, value: string): boolean => {
  const above = ancestors(block);
  const http = above.find(({ name }) => name === "http");
  const server = above.find(({ name }) => name === "server");
  const values = http && server ? valuesOf(value, sourcesOf(http), setsOf(server)) : null;
  return values === null ? value.includes("$") || matches(field, value) : values.some((one) => matches(field, one));
};

const matches = (field: string, value: string): boolean => fits[field as keyof typeof needs].test(value);

const missingForUpgrade = (context: Spot): Missing[] => {
  const missing = Object.keys(needs).flatMap((field): Missing[] => {
    const line = headerLine(context, field);
    if (line && isFit(context, field, line.args[1] ?? "")) return [];
    if (line) return [{ line, directive: wordsOf(context, line), says: "keeps the client's request to upgrade from the application" }];
    const hiding = ownLines(context, "proxy_set_header").find(hidesOthers);
    if (hiding && fieldsHidden(hiding).includes(field.toLowerCase())) {
      const says = `hides the proxy_set_header lines of the blocks around it, ${field} among them`;
      return [{ line: hiding, directive: wordsOf(context, hiding), says, hides: true }];
    }
    return [{ line, directive: `proxy_set_header ${field}`, says: "is not set: nginx does not pass on the request to upgrade" }];
  });
  if (!speaksHttp10(context)) return missing;
  const version = lineOf(context, "proxy_http_version");
  const says = version
    ? "uses HTTP/1.0 to the upstream, which has no upgrade"
    : `is not set: ${speaker(context)} uses HTTP/1.0 to the upstream, which has no upgrade`;
  return [...missing, { line: version, directive: version ? wordsOf(context, version) : "proxy_http_version", says }];
};

/** A level that sets one field inherits none. */
const fieldsHidden = ({ name, parent }: Directive): string[] =>
  parent?.parent ? lookupAll(parent.parent, name).map(({ args }) => args[0]?.toLowerCase() ?? "") : [];

/** Sets what is missing, and nothing else. */
const upgradeEdits = (context: Spot) => {
  const fields = Object.entries(needs).filter(([field]) => {
    const line = headerLine(context, field);
    return !line || !isFit(context, field, line.args[1] ?? "");
  });
  const version = speaksHttp10(context) ? ["proxy_http_version 1.1;"] : [];
  return setHeaders(context, Object.fromEntries(fields), version);
};

export const upgradeSuspects = (context: Context): Suspect[] => {
  // A line that is there is blamed before one that is missing.
  const [first, ...others] = missingForUpgrade(context).toSorted((a, b) => Number(b.line !== null) - Number(a.line !== null));
  if (!first) return [];
  const { line, directive, says, hides } = first;
  // One line may hide both fields.
  const second = others.find((other) => other.line === null || other.line !== line);
  const place = line?.place ?? context.home.place;
  return [
    {
      id: `upgrade@${place.file}:${place.line}`,
      place,
      directive,
      absent: line === null,
      says,
      ...(second && { with: { place: second.line?.place ?? context.home.place, directive: second.directive } }),
      edits: upgradeEdits(context),
      known: { name: "proxy_set_header", provided: [], ...(hides && { because: says }) },
      link: webSocketPage,
    },
  ];
};

export const upgrade: Family = {
  signs: [{ directive: "proxy_set_header", like: ([field = ""]) => /^upgrade$/i.test(field) }],
  fixes: {
    upgrade: [
      {
        id: "proxy_set_header",
        title: "proxy_set_header Upgrade, Connection: pass on the request to upgrade",
        when: (context) => missingForUpgrade(context).length > 0,
        change: upgradeEdits,
        cost: "ordinary requests of this location carry Connection: upgrade too",
        link: webSocketPage,
      },
    ],
  },
};
