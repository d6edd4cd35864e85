// The proxy's files as nginx will find them: a template stands where it is filled in to, and its variables are at hand. Pure.
import type { ConfigFile } from "../configuration.ts";
import type { ComposeSubject, Layout, Template } from "./subject.ts";

/** What the packaging's own nginx.conf includes. */
const sitesOf: Record<Layout, readonly string[]> = {
  official: ["/etc/nginx/conf.d/*.conf"],
  debian: ["/etc/nginx/conf.d/*.conf", "/etc/nginx/sites-enabled/*"],
  alpine: ["/etc/nginx/http.d/*.conf", "/etc/nginx/conf.d/*.conf"],
  openresty: ["/etc/nginx/conf.d/*.conf"],
  bitnami: ["/opt/bitnami/nginx/conf/server_blocks/*.conf"],
};

export interface Deployed {
  files: (ConfigFile & { template: boolean })[];
  /** The file that nginx is started with; where it is not among the files it is the image's own, and includes `sites`. */
  main: string;
  sites: readonly string[];
  /** What the templates are filled in with. */
  variables: Record<string, string>;
}

const reference = /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g;

/** Files keep their own text, so that places in it stay right; what is filled in is said apart. */
export const deployedFiles = (subject: Pick<ComposeSubject, "files" | "templates" | "environment" | "mainTarget" | "layout">): Deployed => {
  const byTarget = new Map<string, Deployed["files"][number]>(
    subject.files.map(({ path, target, text, bytes }) => [target, { path, target, text, bytes, template: false }]),
  );
  const variables = new Map<string, string>();
  for (const template of subject.templates) {
    const file = byTarget.get(template.from);
    if (!file) continue;
    byTarget.set(template.to, { ...file, target: template.to, template: true });
    for (const [name, value] of valuesFor(template, file, subject.environment)) variables.set(name, value);
  }
  return {
    files: [...byTarget.values()],
    main: subject.mainTarget,
    sites: sitesOf[subject.layout],
    variables: Object.fromEntries(variables),
  };
};

/** A name that is asked for and set nowhere becomes empty, as envsubst has it. */
const valuesFor = ({ variables }: Template, { text }: ConfigFile, environment: Readonly<Record<string, string>>): [string, string][] => {
  const valueOf = (name: string): string => (Object.hasOwn(environment, name) ? (environment[name] ?? "") : "");
  const named = [...(text ?? "").matchAll(reference)].map(([, braced, bare]) => braced ?? bare ?? "");
  const chosen = variables === "all" ? named : named.filter((name) => variables.includes(name));
  return chosen.map((name) => [name, valueOf(name)]);
};
