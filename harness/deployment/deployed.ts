// The proxy's files as the server will find them: a template is where it is filled in to, and its variables are known. Pure.
import type { ConfigFile } from "../check/configuration.ts";
import type { ComposeSubject, Template } from "./subject.ts";

export interface Deployed {
  files: (ConfigFile & { template: boolean })[];
  /** The file that the server is started with; where it is not among the files it is the image's own, and includes `sites`. */
  main: string;
  sites: readonly string[];
  /** What the templates are filled in with. */
  variables: Record<string, string>;
}

const reference = /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g;

/** Files keep their own text, so that places in it stay right; what is filled in is said apart. */
export const deployedFiles = (
  subject: Pick<ComposeSubject, "files" | "templates" | "environment" | "mainTarget" | "layout" | "server">,
): Deployed => {
  const byTarget = new Map<string, Deployed["files"][number]>(
    subject.files.map(({ path, target, text, bytes, isCopy }) => [
      target,
      { path, target, text, bytes, template: false, ...(isCopy ? { isCopy } : {}) },
    ]),
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
    sites: subject.server.packaging.layouts[subject.layout]?.sites ?? [],
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
