// What may cure, as data, and how remedies are made of it. Pure.
import type { ApplicationRemedy, Edit, Remedy } from "../configuration.ts";
import { fitTogether } from "../edits.ts";
import { setLines } from "./lines.ts";
import { pageOf } from "./pages.ts";
import type { Scene } from "./scene.ts";

export interface Cure {
  id: string;
  title: string | ((scene: Scene) => string);
  when: (scene: Scene) => boolean;
  /** Lines to set for the route, or edits of another kind. */
  change: string[] | ((scene: Scene) => Edit[]);
  cost: string | null;
  /** Default: the page of what its first line sets. */
  link?: string;
  /** Cures with this mark do each a part, and are also tried all at once. */
  part?: true;
}

export interface Cures {
  /** Smallest first. */
  cures: Cure[];
  /** What only the application can do. */
  application: ApplicationRemedy[];
}

export const remediesOf = (scene: Scene, { cures, application }: Cures): (Remedy | ApplicationRemedy)[] => {
  const made = cures.filter(({ when }) => when(scene)).map((cure) => ({ cure, remedy: remedyOf(scene, cure) }));
  const parts = made.flatMap(({ cure, remedy }) => (cure.part ? [remedy] : []));
  const last = made.findLastIndex(({ cure }) => cure.part);
  const remedies = made.flatMap(({ remedy }, at) => (at === last ? [remedy, ...combined(parts)] : [remedy]));
  return [...distinct(remedies.filter(({ edits }) => edits.length > 0)), ...application];
};

/** Two at a time, then all of them. */
const combined = (parts: Remedy[]): Remedy[] => {
  const pairs = parts.flatMap((one, at) => parts.slice(at + 1).map((other) => [one, other]));
  return (parts.length > 2 ? [...pairs, parts] : pairs).flatMap(together);
};

/** Two ways to the same text are one. */
const distinct = (remedies: Remedy[]): Remedy[] =>
  remedies.filter(({ edits }, at) => remedies.findIndex((other) => JSON.stringify(other.edits) === JSON.stringify(edits)) === at);

const remedyOf = (scene: Scene, { id, title, change, cost, link }: Cure): Remedy => ({
  id,
  title: typeof title === "string" ? title : title(scene),
  edits: Array.isArray(change) ? setLines(scene, change) : change(scene),
  cost,
  link: link ?? pageOf(id),
});

const together = (parts: Remedy[]): Remedy[] => {
  const edits = parts.flatMap((part) => part.edits);
  const titles = parts.map(({ title }) => title);
  if (!fitTogether(edits)) return [];
  return [
    {
      id: parts.map(({ id }) => id).join("+"),
      title: `${titles.slice(0, -1).join(", ")}, and ${titles.at(-1)}`,
      edits,
      cost: parts.flatMap(({ cost }) => cost ?? []).join("; ") || null,
      link: parts[0]?.link ?? "",
    },
  ];
};
