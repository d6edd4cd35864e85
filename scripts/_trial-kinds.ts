// The list of the kinds of trials: one for each file of harness/trials/. A file exports its options, and what it is, by its own name.
import { readdirSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "..", "harness", "trials");

export const trialIndex = join(folder, "index.ts");

export const trialFiles = (): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".ts") && name !== "index.ts")
    .map((name) => name.slice(0, -".ts".length))
    .toSorted();

const camel = (kind: string): string => kind.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
const pascal = (kind: string): string => camel(kind).replace(/^\w/, (letter) => letter.toUpperCase());

export const trialIndexText = (
  kinds: readonly string[],
): string => `// The kinds of trials. \`npm run schema\` writes this file: it has one entry for each other file of this folder.
import type { TrialDefinition } from "../model/trial.ts";
${kinds.map((kind) => `import { ${camel(kind)}, type ${pascal(kind)} } from "./${kind}.ts";`).join("\n")}

/**
 * Sizes in bytes, times in milliseconds. Every field has a default that suits the trial.
 *
 * @discriminator kind
 */
export type Trial =
${kinds.map((kind) => `  | ${pascal(kind)}`).join("\n")};

export type TrialKind = Trial["kind"];

export const trials: { readonly [K in TrialKind]: TrialDefinition<Extract<Trial, { kind: K }>> } = {
${kinds.map((kind) => (camel(kind) === kind ? `  ${kind},` : `  "${kind}": ${camel(kind)},`)).join("\n")}
};

export const trialKinds = Object.keys(trials) as TrialKind[];

/** The kinds of which something is true. */
export const kindsThat = (is: (definition: TrialDefinition<Trial>) => unknown): TrialKind[] => trialKinds.filter((kind) => is(trials[kind]));

export const definitionOf = ({ kind }: Trial): TrialDefinition<Trial> => trials[kind];
`;
