// The proxy's files as nginx will find them: a template stands where it is filled in to, and its variables are at hand. Pure.
import type { ConfigFile } from "../configuration.ts";
import type { ComposeSubject, Template } from "./subject.ts";

const reference = /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g;

/** Files keep their own text, so that places in it stay right; what is filled in is said apart. */
export const filledIn = (
  subject: Pick<ComposeSubject, "files" | "templates" | "environment">,
): { files: ConfigFile[]; variables: Record<string, string> } => {
  const byTarget = new Map<string, ConfigFile>(subject.files.map((file) => [file.target, file]));
  const variables = new Map<string, string>();
  for (const template of subject.templates) {
    const file = byTarget.get(template.from);
    if (!file) continue;
    byTarget.set(template.to, { ...file, target: template.to });
    for (const [name, value] of valuesFor(template, file, subject.environment)) variables.set(name, value);
  }
  return { files: [...byTarget.values()], variables: Object.fromEntries(variables) };
};

const valuesFor = ({ variables }: Template, { text }: ConfigFile, environment: Readonly<Record<string, string>>): [string, string][] => {
  const valueOf = (name: string): string | undefined => (Object.hasOwn(environment, name) ? environment[name] : undefined);
  const named = [...(text ?? "").matchAll(reference)].map(([, braced, bare]) => braced ?? bare ?? "");
  if (variables === "all") return named.map((name) => [name, valueOf(name) ?? ""]);
  const chosen = new Set(variables);
  return named.flatMap((name) => {
    // A name that is asked for and set nowhere becomes empty too.
    return chosen.has(name) ? [[name, valueOf(name) ?? ""] as [string, string]] : [];
  });
};
