// Files that are given by mistake: another program's configuration, or a template that another tool fills in. Pure.
import { basename } from "node:path";
import { AuthorError } from "../../../errors.ts";
import { everyDirective } from "./tree.ts";
import type { Directive } from "./tree.ts";

interface Kind {
  /** After "is". */
  is: string;
  matches: (path: string, text: string) => boolean;
}

const lines = (text: string): string[] => text.split(/\r?\n/).filter((line) => !/^\s*(?:#|$)/.test(line));

/** Of all lines that say something. */
const share = (text: string, pattern: RegExp): number => {
  const all = lines(text).slice(0, 500);
  return all.filter((line) => pattern.test(line)).length / Math.max(1, all.length);
};

const hasStatements = (text: string): boolean => share(text, /;\s*(?:#.*)?$/) > 0.2;

const kinds: Kind[] = [
  {
    is: "a configuration of HAProxy",
    matches: (path, text) =>
      !hasStatements(text) && (/haproxy/i.test(path) || /^(?:global|defaults|frontend \S+|backend \S+)\s*$/m.test(text)),
  },
  {
    is: "a configuration of Apache",
    matches: (_, text) =>
      /^\s*<(?:VirtualHost|Location|Directory|IfModule|Proxy)\b[^>]*>/im.test(text) || /^\s*ProxyPass\s+\S+\s+\S+\s*$/im.test(text),
  },
  {
    is: "a Caddyfile",
    matches: (path, text) =>
      !hasStatements(text) &&
      (/caddyfile/i.test(basename(path)) || /^\s*(?:reverse_proxy|handle|handle_path|encode|file_server|respond)\b[^;]*$/m.test(text)),
  },
  { is: "a configuration of Varnish (VCL)", matches: (_, text) => /^\s*vcl\s+\d\.\d\s*;/m.test(text) },
  { is: "a configuration of Traefik", matches: (_, text) => /^\s*(?:\[(?:http|tcp)\.(?:routers|services)|\[?entryPoints\b)/m.test(text) },
  { is: "a configuration of Envoy", matches: (_, text) => /^\s*"?static_resources"?\s*:/m.test(text) },
  {
    is: "a settings file of GitLab, which makes /var/opt/gitlab/nginx/conf of it",
    matches: (_, text) => /^\s*external_url\s+['"]/m.test(text),
  },
  { is: "JSON", matches: (_, text) => /^\s*[{[]\s*["{]/.test(text) },
  { is: "a Dockerfile", matches: (path, text) => /dockerfile/i.test(basename(path)) || /^FROM\s+\S+(?:\s+AS\s+\S+)?\s*$/m.test(text) },
  { is: "a script", matches: (_, text) => text.startsWith("#!") },
  { is: "a page of HTML", matches: (_, text) => /^\s*<(?:!doctype|html)\b/i.test(text) },
];

/** Where it is no configuration of nginx: what it is instead. */
const foreignKind = (path: string, text: string): string | null => kinds.find(({ matches }) => matches(path, text))?.is ?? null;

export const refuseForeign = (path: string, text: string): void => {
  const kind = foreignKind(path, text);
  if (kind !== null)
    throw new AuthorError(`${path} is ${kind}, not a configuration of nginx; hopwise check reads configurations of nginx only.`);
};

/** Which tool fills in such a text before nginx reads it; null: none that is known. */
export const templateTool = (path: string, text: string): string | null => {
  if (/\{\{-?\s*(?:\.Values|\.Release|include "|tpl |template ")/.test(text)) return "Helm";
  if (/\{\{-?\s*(?:range|if|with|end|define|key|keyOrDefault|getv|\$|\.)[^}]*\}\}/.test(text) && !/\{%/.test(text))
    return "Go (docker-gen, confd, consul-template)";
  if (/\{%|\{\{/.test(text) || path.endsWith(".j2")) return "Jinja (Ansible, Salt)";
  if (/<%/.test(text) || path.endsWith(".erb")) return "ERB (Chef, Puppet)";
  return /__[A-Z][A-Z0-9_]*__|@@[A-Z]|%%\w+%%|(?<![\w@])@[A-Z][A-Z0-9_]+@/.test(text) ? "another tool" : null;
};

/** `<%= port %>` is three words for nginx, and the `{` of `{% if tls %}` opens a block. A text in quotes is one word, whatever it holds. */
const hasTag = ({ name, args }: Directive): boolean =>
  /^%[-+]?$/.test(name) || ([name, ...args].some((word) => /^<%[-=]?$/.test(word)) && [name, ...args].some((word) => /^-?%>$/.test(word)));

/** A template that nginx would read: in quotes, comments and code there are no tags, only text. */
export const refuseTags = (path: string, text: string, roots: readonly Directive[]): void => {
  const hasTags = everyDirective(roots).some(hasTag);
  if (hasTags)
    throw new AuthorError(`${path} looks like a template of ${templateTool(path, text)}: render it first, and check what comes out.`);
};

/** nginx reads the mark as a part of the first word. */
export const refuseMark = (path: string, bytes: Uint8Array): void => {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    throw new AuthorError(`${path}:1: the file begins with a byte order mark, which nginx refuses; save it as UTF-8 without one.`);
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    throw new AuthorError(`${path}:1: the file is UTF-16, which nginx cannot read; save it as UTF-8 without a byte order mark.`);
};
