// What a WebSocket needs, and what of it is missing: only all of it together is of use. https://nginx.org/en/docs/http/websocket.html
import type { Suspect } from "../../configuration.ts";
import type { Charge } from "../charge.ts";
import { headerLine, setHeaders, wordsOf } from "../lines.ts";
import { webSocketPage } from "../pages.ts";
import { hidesOthers, lineOf, ownLines, speaksHttp10 } from "../scene.ts";
import type { Scene, Spot } from "../scene.ts";
import { lookupAll } from "../tree.ts";
import type { Directive } from "../tree.ts";
import { speaker } from "./words.ts";

interface Missing {
  line: Directive | null;
  directive: string;
  says: string;
}

const needs = { Upgrade: "$http_upgrade", Connection: '"upgrade"' };

/** A variable may be anything, and is given credit. */
const fits: Record<keyof typeof needs, RegExp> = { Upgrade: /\$|websocket/i, Connection: /\$|upgrade/i };

export const missingForUpgrade = (scene: Spot): Missing[] => {
  const missing = Object.keys(needs).flatMap((field): Missing[] => {
    const line = headerLine(scene, field);
    if (line && fits[field as keyof typeof needs].test(line.args[1] ?? "")) return [];
    if (line) return [{ line, directive: wordsOf(scene, line), says: "keeps the client's wish to upgrade from the application" }];
    const hiding = ownLines(scene, "proxy_set_header").find(hidesOthers);
    if (hiding && fieldsHidden(hiding).includes(field.toLowerCase())) {
      const says = `hides the proxy_set_header lines of the blocks around it, ${field} among them`;
      return [{ line: hiding, directive: wordsOf(scene, hiding), says }];
    }
    return [{ line, directive: `proxy_set_header ${field}`, says: "is not set: nginx does not pass on the wish to upgrade" }];
  });
  if (!speaksHttp10(scene)) return missing;
  const version = lineOf(scene, "proxy_http_version");
  const says = version
    ? "asks the upstream by HTTP/1.0, which knows no upgrade"
    : `is not set: ${speaker(scene)} speaks HTTP/1.0 to the upstream, which knows no upgrade`;
  return [...missing, { line: version, directive: version ? wordsOf(scene, version) : "proxy_http_version", says }];
};

/** A level that sets one field inherits none. */
const fieldsHidden = ({ name, parent }: Directive): string[] =>
  parent?.parent ? lookupAll(parent.parent, name).map(({ args }) => args[0]?.toLowerCase() ?? "") : [];

/** Sets what is missing, and nothing else. */
export const upgradeEdits = (scene: Spot) => {
  const fields = Object.entries(needs).filter(([field]) => {
    const line = headerLine(scene, field);
    return !line || !fits[field as keyof typeof needs].test(line.args[1] ?? "");
  });
  const version = speaksHttp10(scene) ? ["proxy_http_version 1.1;"] : [];
  return setHeaders(scene, Object.fromEntries(fields), version);
};

export const upgradeSuspects = (scene: Scene): Suspect[] => {
  // What someone wrote is blamed before what nobody did.
  const [first, ...others] = missingForUpgrade(scene).toSorted((a, b) => Number(b.line !== null) - Number(a.line !== null));
  if (!first) return [];
  const { line, directive, says } = first;
  // One line may hide both fields.
  const second = others.find((other) => other.line === null || other.line !== line);
  const place = line?.place ?? scene.home.place;
  return [
    {
      id: `upgrade@${place.file}:${place.line}`,
      place,
      directive,
      absent: line === null,
      says,
      ...(second && { with: { place: second.line?.place ?? scene.home.place, directive: second.directive } }),
      edits: upgradeEdits(scene),
      link: webSocketPage,
    },
  ];
};

/** What else may keep a connection from turning into another one. */
export const upgrade: Charge[] = [
  { directive: "limit_except", says: "refuses the request" },
  { directive: "auth_request", says: "has the request refused before the application is asked", instead: "auth_request off;" },
  { directive: "auth_basic", says: "asks for a password", instead: "auth_basic off;" },
  { directive: "proxy_cache", says: "answers from a store", instead: "proxy_cache off;" },
  { directive: "proxy_read_timeout", says: "cuts a silent connection", instead: "proxy_read_timeout 24h;" },
];
