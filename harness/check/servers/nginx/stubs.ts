// What a configuration names and the container does not have, and what is put there in its stead. The configuration itself is not touched.
import { randomBytes } from "node:crypto";
import { posix } from "node:path";
import type { ConfigFile, NotChecked, Stub, StubEntry } from "../../configuration.ts";
import { accountFiles } from "./accounts.ts";
import { certifiedNames } from "./certified-names.ts";
import { dhParameters } from "./dh-parameters.ts";
import { fileOfErrorPage } from "./error-pages.ts";
import { isFolderOfTheImage, prefixes } from "./image-files.ts";
import type { Layout } from "./layout.ts";
import { stubUser } from "./routes.ts";
import { hostsOf, madeUpHost, serversOf } from "./servers.ts";
import { childrenOf, everyDirective } from "./tree.ts";
import type { Directive } from "./tree.ts";

export interface Stubbed {
  entries: StubEntry[];
  stubs: Stub[];
  notChecked: NotChecked[];
  /** Of the user's, only passed on: certificates, keys. */
  files: ConfigFile[];
}

type Handler = (directive: Directive, hands: Hands) => Promise<void> | void;

interface Hands {
  layout: Layout;
  /** Where relative paths of certificates and the like start. */
  resolve: (path: string) => string;
  result: Stubbed;
  /** Names of the sites, for certificates. */
  namesFor: (directive: Directive) => string[];
  /** Names of upstreams by TLS. */
  certifiedNames: string[];
  /** The user's file of this name, which is then passed on. */
  pass: (target: string) => Promise<boolean>;
  /** Once for each target. */
  put: (entry: StubEntry, what: string, directive: Directive, why?: string) => void;
}

export const stubsFor = async (roots: readonly Directive[], layout: Layout, folder: string): Promise<Stubbed> => {
  const result: Stubbed = { entries: [], stubs: [], notChecked: [], files: [] };
  const done = new Set<string>();
  const hands: Hands = {
    layout,
    resolve: (path) => posix.resolve(folder, path),
    result,
    namesFor: certificateNames(roots),
    certifiedNames: certifiedNames(roots),
    pass: async (target) => {
      if (result.files.some((file) => file.target === target)) return true;
      const file = await layout.read(target);
      if (file) result.files.push({ path: file.path, target, text: null, bytes: file.bytes });
      return file !== null;
    },
    put: (entry, what, directive, why = "and it is not there") => {
      const target = entry.kind === "certificate" ? entry.certificateTarget : entry.target;
      if (done.has(target)) return;
      done.add(target);
      result.entries.push(entry);
      const { place } = directive;
      const known = result.stubs.find((stub) => stub.what === what);
      if (known) known.targets?.push(target);
      else result.stubs.push({ what, why: `${place.file}:${place.line} (${directive.name}) names it, ${why}`, place, targets: [target] });
    },
  };
  for (const directive of everyDirective(roots)) await handlers[directive.name]?.(directive, hands);
  // One authority may be that of upstreams and of clients: the stub is what both get.
  return { ...result, files: result.files.filter(({ target }) => !done.has(target)) };
};

const certificateNames = (roots: readonly Directive[]): ((directive: Directive) => string[]) => {
  const servers = serversOf(roots);
  return ({ parent }) => {
    const names = servers
      .filter(({ block }) => block === parent || parent?.name === "http")
      .flatMap((server) => [...hostsOf(server).slice(0, 10), ...server.names.filter((name) => /^\*\.[\w.-]+$/.test(name))]);
    return [...new Set([...names.filter((name) => name !== "_"), madeUpHost])];
  };
};

const isVariable = (path: string): boolean => path.includes("$");

/** A folder in which nginx makes a file or folder itself. */
const folderAround =
  (argument = 0): Handler =>
  ({ args, ...directive }, { put }) => {
    const [path = ""] = args.slice(argument);
    if (path === "" || isVariable(path) || /^(?:off|stderr|on|syslog:|memory:|\/dev\/)/.test(path)) return;
    for (const prefix of path.startsWith("/") ? ["/"] : prefixes)
      makeFolder(posix.dirname(posix.resolve(prefix, path)), { args, ...directive }, put);
  };

const makeFolder = (given: string, directive: Directive, put: Hands["put"]): void => {
  // A link in every image.
  const target = given.replace(/^\/var\/run(?=\/|$)/, "/run");
  if (!isFolderOfTheImage(target)) put({ kind: "folder", target }, `the folder ${target}`, directive);
};

/** The user's file, or else a stub. */
const file =
  (what: string, body: () => string | Uint8Array): Handler =>
  async (directive, { resolve, pass, put }) => {
    const [path = ""] = directive.args;
    if (path === "" || isVariable(path)) return;
    const target = resolve(path);
    if (!(await pass(target))) put({ kind: "file", target, body: body() }, `${what} at ${target}`, directive);
  };

/** Authorities that are trusted: any certificate will do, since none is verified against it. */
const authority: Handler = async (directive, { resolve, pass, put }) => {
  const [path = ""] = directive.args;
  if (path === "" || isVariable(path)) return;
  const target = resolve(path);
  if (!(await pass(target)))
    put(
      { kind: "certificate", certificateTarget: target, keyTarget: target, names: [madeUpHost] },
      `a certificate at ${target}`,
      directive,
    );
};

/** Who signs for upstreams: only a certificate of our own can be verified against it, whatever the user's file has. */
const upstreamAuthority: Handler = async (directive, { layout, resolve, certifiedNames: names, put }) => {
  const [path = ""] = directive.args;
  if (path === "" || isVariable(path)) return;
  const target = resolve(path);
  const own = await layout.read(target);
  const why = own ? `and none that is verified by ${own.path} can be made for the scripted upstream` : undefined;
  put(
    { kind: "certificate", certificateTarget: target, keyTarget: target, names },
    `the certificate of the scripted upstream at ${target}`,
    directive,
    why,
  );
};

const noneRevoked = (target: string): string => `a list without revoked certificates at ${target}`;

/** https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ssl_crl: of the authority for upstreams, which is a stub, too. */
const upstreamRevocations: Handler = async (directive, { layout, resolve, certifiedNames: names, put }) => {
  const [path = ""] = directive.args;
  if (path === "" || isVariable(path)) return;
  const target = resolve(path);
  const own = await layout.read(target);
  const why = own ? `and ${own.path} is not of the authority that signs for the scripted upstream` : undefined;
  put({ kind: "revocations", target, names }, noneRevoked(target), directive, why);
};

/** The same of clients, which have no certificate. */
const revocations: Handler = async (directive, { resolve, pass, put }) => {
  const [path = ""] = directive.args;
  if (path === "" || isVariable(path)) return;
  const target = resolve(path);
  if (!(await pass(target))) put({ kind: "revocations", target, names: [madeUpHost] }, noneRevoked(target), directive);
};

/** A certificate and its key belong together: where one is missing both are made. */
const certificate: Handler = async (directive, { resolve, result, namesFor, pass, put }) => {
  const { name, args, parent, place } = directive;
  const [path = ""] = args;
  const siblings = parent ? childrenOf(parent) : [];
  const nth = siblings.filter((other) => other.name === name).indexOf(directive);
  const keyPath = siblings.filter((other) => other.name === `${name}_key`)[nth]?.args[0] ?? "";
  if (isVariable(path + keyPath)) {
    result.notChecked.push({ what: `${name} ${path}`, why: "which certificate is shown depends on the request", place });
    return;
  }
  if (/^(?:data|engine|store):/.test(path) || /^(?:data|engine|store):/.test(keyPath)) return;
  const certificateTarget = resolve(path);
  // Without a key of its own nginx looks for one on the level above, or says so itself.
  const keyTarget = keyPath === "" ? certificateTarget : resolve(keyPath);
  if ((await pass(certificateTarget)) && (await pass(keyTarget))) return;
  result.files = result.files.filter(({ target }) => target !== certificateTarget && target !== keyTarget);
  const names = namesFor(directive);
  put({ kind: "certificate", certificateTarget, keyTarget, names }, `a certificate for ${names[0]} at ${certificateTarget}`, directive);
};

const passwords: Handler = async (directive, { layout, resolve, put }) => {
  const [path = ""] = directive.args;
  if (path === "" || isVariable(path)) return;
  const target = resolve(path);
  const own = await layout.read(target);
  const { name, password } = stubUser;
  put(
    { kind: "file", target, body: `${name}:{PLAIN}${password}\n` },
    `a user "${name}" at ${target}`,
    directive,
    own ? `and the passwords in ${own.path} are not known` : undefined,
  );
};

const user: Handler = (directive, { put }) => {
  const [name = "", group = name] = directive.args;
  if (name === "root" || !/^[\w-]+$/.test(name) || !/^[\w-]+$/.test(group)) return;
  const { passwd, group: groups } = accountFiles(name, group);
  const what = `the user ${name}`;
  const why = "and not every image has it";
  put({ kind: "file", target: "/etc/passwd", body: passwd }, what, directive, why);
  put({ kind: "file", target: "/etc/group", body: groups }, what, directive, why);
};

const socket: Handler = ({ args, ...directive }, hands) => {
  if (args[0]?.startsWith("unix:")) makeFolder(posix.dirname(args[0].slice("unix:".length)), { args, ...directive }, hands.put);
};

/** Debian's snippet names a certificate that a package of its own brings. */
const snakeoil: Handler = ({ args, ...directive }, { resolve, namesFor, put }) => {
  if (resolve(args[0] ?? "") !== "/etc/nginx/snippets/snakeoil.conf") return;
  const certificateTarget = "/etc/ssl/certs/ssl-cert-snakeoil.pem";
  const keyTarget = "/etc/ssl/private/ssl-cert-snakeoil.key";
  const names = namesFor({ args, ...directive });
  put({ kind: "certificate", certificateTarget, keyTarget, names }, `a certificate at ${certificateTarget}`, { args, ...directive });
};

/** Code and rules: the user's file where there is one. */
const code: Handler = async ({ args }, { resolve, pass }) => {
  const path = args.at(-1) ?? "";
  if (path !== "" && !isVariable(path)) await pass(resolve(path));
};

const errorPage: Handler = async (directive, { pass, put }) => {
  const target = fileOfErrorPage(directive);
  // The image has pages of its own there.
  if (target === null || isFolderOfTheImage(posix.dirname(target)) || (await pass(target))) return;
  put({ kind: "file", target, body: "The page of an error\n" }, `a page at ${target}`, directive);
};

const codeNames = ["", "content", "access", "rewrite", "header_filter", "body_filter", "log", "init", "init_worker", "balancer", "set"];

const handlers: Record<string, Handler> = {
  js_import: code,
  modsecurity_rules_file: code,
  xslt_stylesheet: code,
  ...Object.fromEntries(codeNames.map((phase) => [`${phase}_by_lua_file`, code])),
  error_log: folderAround(),
  access_log: folderAround(),
  pid: folderAround(),
  lock_file: folderAround(),
  client_body_temp_path: folderAround(),
  proxy_temp_path: folderAround(),
  fastcgi_temp_path: folderAround(),
  uwsgi_temp_path: folderAround(),
  scgi_temp_path: folderAround(),
  proxy_cache_path: folderAround(),
  fastcgi_cache_path: folderAround(),
  uwsgi_cache_path: folderAround(),
  scgi_cache_path: folderAround(),
  working_directory: ({ args, ...directive }, { put }) => makeFolder(args[0] ?? "/", { args, ...directive }, put),
  error_page: errorPage,
  listen: socket,
  user,
  ssl_certificate: certificate,
  proxy_ssl_certificate: certificate,
  grpc_ssl_certificate: certificate,
  uwsgi_ssl_certificate: certificate,
  ssl_client_certificate: authority,
  ssl_trusted_certificate: authority,
  proxy_ssl_trusted_certificate: upstreamAuthority,
  grpc_ssl_trusted_certificate: upstreamAuthority,
  uwsgi_ssl_trusted_certificate: upstreamAuthority,
  ssl_crl: revocations,
  proxy_ssl_crl: upstreamRevocations,
  grpc_ssl_crl: upstreamRevocations,
  uwsgi_ssl_crl: upstreamRevocations,
  ssl_dhparam: file("parameters for Diffie-Hellman", dhParameters),
  ssl_session_ticket_key: file("a key for session tickets", () => randomBytes(80)),
  ssl_password_file: file("an empty file of pass phrases", () => "\n"),
  auth_basic_user_file: passwords,
  include: snakeoil,
};
