// Which of the routes are wanted (`--host`, `--path`), and what is said where there is none.
import { plain } from "../../../report/text.ts";
import { AuthorError } from "../../../errors.ts";
import { proxyingBlocks, titleOf } from "./forwarding.ts";
import { patternOf } from "./patterns.ts";
import type { Server } from "./servers.ts";

export interface Choice {
  /** How the user called the configuration. */
  given: string;
  host?: string | undefined;
  path?: string | undefined;
  /** What the trials say that they accept; default: anything. */
  accept?: string | undefined;
  method?: string | undefined;
  /** By the name of a variable: what it comes to in the trials. */
  upstreams?: Readonly<Record<string, string>> | undefined;
  /** Header fields of every request. */
  headers?: readonly (readonly [name: string, value: string])[] | undefined;
  /** Its requests come from another server. */
  isInner?: true | undefined;
}

/** By its names; a server without any serves every host. */
export const answersTo = ({ names }: Server, host: string): boolean => {
  const asked = host.toLowerCase();
  return names.some((given) => {
    const name = given.toLowerCase();
    if (name === "" || name === "_" || name === asked) return true;
    if (name.startsWith("~")) return patternOf(given.slice(1), true)?.match(asked) !== null;
    if (name.startsWith(".")) return `.${asked}`.endsWith(name);
    return name.startsWith("*.") ? asked.endsWith(name.slice(1)) : name.endsWith(".*") && asked.startsWith(name.slice(0, -1));
  });
};

/** `lost`: why requests for the path cannot be followed, or not be checked. */
export const refuse = (
  { given, host, path }: Choice,
  servers: readonly Server[],
  isAnyForwarding: boolean,
  lost: readonly string[],
  taken: readonly string[],
): never => {
  const asked = [...(host === undefined ? [] : [`--host ${host}`]), ...(path === undefined ? [] : [`--path ${path}`])].join(" ");
  const names = [...new Set(servers.flatMap((server) => server.names.filter((name) => name !== "")))];
  const hostIsKnown = host === undefined || servers.some((server) => answersTo(server, host));
  if (!hostIsKnown || (path === undefined && isAnyForwarding))
    throw new AuthorError(plain(`${given} forwards nothing for ${asked}; its server names are ${listed(names)}.`));
  if (lost.length > 0) throw new AuthorError(plain(`${given} cannot be checked for ${asked}: ${[...new Set(lost)].join("; ")}.`));
  const everything = servers.flatMap(({ block }) => proxyingBlocks(block).map((one) => `${titleOf(one)} (line ${one.place.line})`));
  const by = taken.length > 0 ? `: ${[...new Set(taken)].join("; ")}` : "";
  throw new AuthorError(plain(`${given} forwards nothing for ${asked}${by}; what forwards is ${listed([...new Set(everything)])}.`));
};

const mostListed = 20;

const listed = (choices: readonly string[]): string =>
  choices.length === 0
    ? "none"
    : choices.slice(0, mostListed).join(", ") + (choices.length > mostListed ? ` and ${choices.length - mostListed} more` : "");
