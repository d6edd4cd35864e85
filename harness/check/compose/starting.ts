// From what a container is told to start to what nginx reads: its main file, and templates that are filled in before.
import { AuthorError } from "../../runtime/runtime.ts";
import type { Place } from "../configuration.ts";
import { containerPath } from "./container-files.ts";
import type { ContainerFiles } from "./container-files.ts";
import { isOfficial, mainTargets } from "./image.ts";
import { matcherOf } from "./patterns.ts";
import type { Stageplay } from "./play.ts";
import type { Service } from "./project.ts";
import { at, entry } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { splitWords } from "./shell.ts";
import { readStartup, templatesOfEntryPoint } from "./startup.ts";
import type { ComposeFile, Layout, NotDone, Template } from "./subject.ts";
import type { Value } from "./tree.ts";

/** What nginx is started with, and what is done before. */
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
  { container, notDone, overlays }: Stageplay,
): { mainTarget: string; layout: Layout; templates: Template[] } => {
  const entryPoint = wordsGiven(entry(proxy.fields, "entrypoint"), "entrypoint", scope);
  const command = wordsGiven(entry(proxy.fields, "command"), "command", scope);
  // An entry point of the service's own takes the image's command away.
  const workdir = scope.optionalText(entry(proxy.fields, "working_dir"), "working_dir") ?? built.workdir;
  const around = { environment, scriptOf: (path: string) => scriptIn(container.get(containerPath(path, workdir))) };
  const startup = readStartup(entryPoint ?? built.entryPoint, command ?? (entryPoint ? null : built.command), around);
  const place = (entry(proxy.fields, "command") ?? entry(proxy.fields, "entrypoint"))?.place ?? proxy.place;
  const templates: Template[] = [...built.templates, ...startup.templates.map((template) => ({ ...template, place }))];
  const waiting = templatesOfEntryPoint(container.files, environment);
  // The image's entry point looks at what it is to start, and fills in templates for nginx only.
  if (startup.byEntryPoint && startup.startsNginx)
    templates.push(...waiting.map((template) => ({ ...template, place: container.get(template.from)?.place ?? place })));
  else
    for (const { from } of waiting)
      notDone.push({
        what: `${from} is not filled in`,
        why: "the image does this only when nginx itself is what it is told to start",
        place,
      });
  if (startup.byEntryPoint && startup.startsNginx) templates.push(...beforeStart(container, environment, notDone));
  const file = startup.script === null ? undefined : container.get(containerPath(startup.script, workdir));
  const [first = startup.script ?? "", ...others] = startup.leftOut;
  if (startup.leftOut.length > 0 || !startup.startsNginx)
    overlays.push({
      what: `nginx ${startup.startsNginx ? "without" : "itself in place of"} \`${shortened(first)}\`${others.length === 0 ? "" : ` and ${others.length} more`}`,
      why: file ? `${file.path} is read and not executed` : `${at(place)} starts it, and it is not executed`,
      place,
    });
  if (startup.globals !== null)
    notDone.push({ what: `-g "${startup.globals}"`, why: "directives of the command line are not taken over", place });
  for (const { from, place: asked } of templates)
    if (!container.get(from))
      throw new AuthorError(`${at(asked)}: the template ${from} is put there by nothing that this deployment names`);
  const layout = layoutWith(built, container);
  const mainTarget = startup.main ?? mainTargets[layout];
  if (mainTarget !== mainTargets[layout] && !container.get(mainTarget) && !templates.some(({ to }) => to === mainTarget))
    throw new AuthorError(`${at(place)}: nginx is started with ${mainTarget}, which nothing that this deployment names puts there`);
  const own = ownSiteFirst(layout, mainTarget, templates, container);
  if (own && built.imagePlace) notDone.push({ ...own, place: built.imagePlace });
  return { mainTarget, layout, templates };
};

/** The image's own site is no part of a check; read before the user's it would answer for every name that these do not have. */
const ownSiteFirst = (
  layout: Layout,
  mainTarget: string,
  templates: readonly Template[],
  container: ContainerFiles,
): Pick<NotDone, "what" | "why"> | null => {
  const own = "/etc/nginx/conf.d/default.conf";
  const targets = [...container.files.map(({ target }) => target), ...templates.map(({ to }) => to)];
  if (layout !== "official" || targets.includes(mainTarget) || targets.includes(own)) return null;
  if (container.gone.some(({ target }) => target === own || own.startsWith(`${target}/`) || matcherOf(target)(own))) return null;
  const sites = targets.filter((target) => /^\/etc\/nginx\/conf\.d\/[^/]*\.conf$/.test(target));
  return sites.length > 0 && sites.every((target) => target > own)
    ? {
        what: `the image's own ${own}`,
        why: "it is left out, and would answer for every name that no other server has; remove it in the image",
      }
    : null;
};

/** Somebody's own image with sites-enabled, and no nginx.conf to include them: made of Debian's package. */
const layoutWith = ({ image, layout }: { image: string | null; layout: Layout }, container: ContainerFiles): Layout => {
  const usesSites = [...container.files, ...container.gone].some(({ target }) => target.startsWith("/etc/nginx/sites-enabled"));
  return layout === "official" && image !== null && !isOfficial(image) && usesSites && !container.get(mainTargets.official)
    ? "debian"
    : layout;
};

/** Null for what is no script of a shell, or none of the user's. */
const scriptIn = (file: ComposeFile | undefined): string | null =>
  file?.text && /^#![^\n]*\b(ba|da|a)?sh\b/.test(file.text) ? file.text : null;

/** Scripts of the user's that the image's entry point runs before it starts nginx. */
const beforeStart = (container: ContainerFiles, environment: Map<string, string>, notDone: NotDone[]): Template[] =>
  container.files
    .filter(({ target }) => /^\/docker-entrypoint\.d\/[^/]+\.(sh|envsh)$/.test(target))
    .toSorted((a, b) => (a.target < b.target ? -1 : 1))
    .flatMap(({ text, path, place }) => {
      const { templates, leftOut } = readStartup(["sh", "-c", text ?? ""], null, { environment, scriptOf: () => null });
      const [first, ...others] = leftOut;
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
