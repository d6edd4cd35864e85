// From what a container starts to what the server reads: its main file, and templates that are filled in before.
import { AuthorError } from "../errors.ts";
import type { Place } from "../check/configuration.ts";
import type { Layout } from "./packaging.ts";
import { containerPath } from "./container-files.ts";
import type { ContainerFiles } from "./container-files.ts";
import { matcherOf } from "./glob.ts";
import type { BuildState } from "./build-state.ts";
import type { Service } from "./project.ts";
import { at, entry } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { splitWords } from "./shell.ts";
import { readStartup } from "./startup.ts";
import type { Surroundings } from "./startup.ts";
import type { ComposeFile, NotDone, Template } from "./subject.ts";
import type { Value } from "./tree.ts";

/** What the server is started with, and what is done before. */
export const startUp = (
  proxy: Service,
  built: {
    image: string | null;
    imagePlace: Place | null;
    layout: Layout;
    entryPoint: string[] | null;
    command: string[] | null;
    templates: Template[];
    workdir: string;
  },
  environment: Map<string, string>,
  scope: Scope,
  { container, notDone, stubs, packaging }: BuildState,
): { mainTarget: string; layout: Layout; templates: Template[]; isScripted: boolean } => {
  const entryPoint = wordsGiven(entry(proxy.fields, "entrypoint"), "entrypoint", scope);
  const command = wordsGiven(entry(proxy.fields, "command"), "command", scope);
  // A service's own entry point discards the image's command.
  const workdir = scope.optionalText(entry(proxy.fields, "working_dir"), "working_dir") ?? built.workdir;
  const around = { packaging, environment, scriptOf: (path: string) => scriptIn(container.get(containerPath(path, workdir))) };
  const startup = readStartup(entryPoint ?? built.entryPoint, command ?? (entryPoint ? null : built.command), around);
  const place = (entry(proxy.fields, "command") ?? entry(proxy.fields, "entrypoint"))?.place ?? proxy.place;
  const templates: Template[] = [...built.templates, ...startup.templates.map((template) => ({ ...template, place }))];
  const waiting = packaging.filledByEntryPoint(container.files, environment);
  // The image's entry point looks at what it is to start, and fills in templates for the server only.
  if (startup.byEntryPoint && startup.startsServer)
    templates.push(...waiting.map((template) => ({ ...template, place: container.get(template.from)?.place ?? place })));
  else
    for (const { from } of waiting)
      notDone.push({
        what: `${from} is not filled in`,
        why: `the image does this only when it starts ${packaging.title} itself`,
        place,
      });
  if (startup.byEntryPoint && startup.startsServer) templates.push(...beforeStart(around, container, notDone));
  const file = startup.script === null ? undefined : container.get(containerPath(startup.script, workdir));
  const [first = startup.script ?? "", ...others] = startup.notChecked;
  if (startup.notChecked.length > 0 || !startup.startsServer)
    stubs.push({
      what: `${packaging.title} ${startup.startsServer ? "without" : "itself in place of"} \`${shortened(first)}\`${others.length === 0 ? "" : ` and ${others.length} more`}`,
      why: file ? `${file.path} is read and not executed` : `${at(place)} starts it, and it is not executed`,
      place,
    });
  if (startup.globals !== null) notDone.push({ what: `-g "${startup.globals}"`, why: "directives of the command line are ignored", place });
  refuseMissing(templates, container);
  const layout = packaging.layoutIn(
    { files: container.files, gone: container.gone, has: (target) => container.get(target) !== undefined },
    built.image,
    built.layout,
  );
  const ownMain = packaging.layouts[layout]?.main;
  const mainTarget = startup.main ?? ownMain;
  if (mainTarget === undefined) throw new Error(`${packaging.title} has no layout "${layout}"`);
  const isThere = mainTarget === ownMain || container.get(mainTarget) || templates.some(({ to }) => to === mainTarget);
  if (!isThere) throw notProvided(`${packaging.title} is started with ${mainTarget}, which`, place);
  const [program] = [...(entryPoint ?? built.entryPoint ?? []), ...(command ?? built.command ?? [])];
  const isScripted = startup.notChecked.length > 0 || !startup.startsServer || (program !== undefined && !packaging.isProgram(program));
  noteOwnSite(built, { layout, mainTarget, templates }, { container, notDone, packaging });
  return { mainTarget, layout, templates, isScripted };
};

const notProvided = (what: string, place: Place): AuthorError =>
  new AuthorError(`${at(place)}: ${what} is not provided by anything that this deployment names`);

const refuseMissing = (templates: readonly Template[], container: ContainerFiles): void => {
  for (const { from, place } of templates) if (!container.get(from)) throw notProvided(`the template ${from}`, place);
};

/** The image's own site answers before those of the user. */
const noteOwnSite = (
  built: { imagePlace: Place | null },
  { layout, mainTarget, templates }: { layout: Layout; mainTarget: string; templates: readonly Template[] },
  { container, notDone, packaging }: Pick<BuildState, "container" | "notDone" | "packaging">,
): void => {
  const targets = [...container.files.map(({ target }) => target), ...templates.map(({ to }) => to)];
  const own = packaging.ownSiteFirst(layout, mainTarget, targets, (target) => isGone(target, container));
  if (own !== null && built.imagePlace)
    notDone.push({
      what: `the image's own ${own}`,
      why: "it is not checked, and would answer for every name that no other server has; remove it in the image",
      place: built.imagePlace,
    });
};

const isGone = (path: string, { gone }: ContainerFiles): boolean =>
  gone.some(({ target }) => target === path || path.startsWith(`${target}/`) || matcherOf(target, "posix")(path));

/** Null for what is no script of a shell, or none of the user's. */
const scriptIn = (file: ComposeFile | undefined): string | null =>
  file?.text && /^#![^\n]*\b(ba|da|a)?sh\b/.test(file.text) ? file.text : null;

/** Scripts of the user's that the image's entry point runs before it starts the server. */
const beforeStart = (
  { packaging, environment }: Omit<Surroundings, "scriptOf">,
  container: ContainerFiles,
  notDone: NotDone[],
): Template[] =>
  container.files
    .filter(({ target }) => packaging.isRunByEntryPoint(target))
    .toSorted((a, b) => (a.target < b.target ? -1 : 1))
    .flatMap(({ text, path, place }) => {
      const { templates, notChecked } = readStartup(["sh", "-c", text ?? ""], null, { packaging, environment, scriptOf: () => null });
      const [first, ...others] = notChecked;
      if (first !== undefined)
        notDone.push({
          what: `\`${shortened(first)}\`${others.length === 0 ? "" : ` and ${others.length} more`} of ${path}`,
          why: "scripts are read and not executed",
          place,
        });
      return templates.map((template) => ({ ...template, place }));
    });

const shortened = (line: string): string => {
  const one = line.replaceAll(/\s+/g, " ");
  return one.length > 120 ? `${one.slice(0, 119)}…` : one;
};

/** Null where nothing is given; a text is taken apart as compose does it. */
export const wordsGiven = (value: Value | undefined, what: string, scope: Scope): string[] | null => {
  if (value === undefined || value.kind === "nothing") return null;
  return value.kind === "text" ? splitWords(scope.text(value)) : scope.texts(value, what).map(({ text }) => text);
};
