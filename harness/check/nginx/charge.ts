// What a directive may be charged with, as data, and how suspects are made of it. Pure.
import type { Edit, Suspect } from "../configuration.ts";
import { wordsOf, removeLines, setLines } from "./lines.ts";
import { pageOf } from "./pages.ts";
import { depthOf, isOfUser, linesOf } from "./scene.ts";
import type { Scene } from "./scene.ts";
import type { Directive } from "./tree.ts";

/** Behind the directive, if it is guilty. */
type Says = string | ((scene: Scene, line: Directive | null) => string);

/** A line that is there. */
export interface LineCharge {
  directive: string;
  /** Which of its lines; default: all that are not `off`. */
  guilty?: (args: readonly string[], scene: Scene) => boolean;
  /** Default: those that are in effect for the route. */
  lines?: (scene: Scene) => Directive[];
  /** Only where this is so; default: always. */
  when?: (scene: Scene) => boolean;
  says: Says;
  /** The experiment: what is set for the route instead, or how it is taken out; default: the lines are removed. */
  instead?: string | ((scene: Scene, line: Directive) => Edit[]);
  /** The words to blame, where they are not the whole line. */
  part?: (scene: Scene, line: Directive) => { place: Directive["place"]; words: string };
  /** Suspects of different groups are also tried together. */
  group?: string;
  /** Default: a line's. */
  tier?: number;
}

/** A line that is not there. */
export interface GapCharge {
  lacks: string;
  when: (scene: Scene) => boolean;
  says: Says;
  instead: string | ((scene: Scene) => Edit[]);
  group?: string;
  tier?: number;
}

export type Charge = LineCharge | GapCharge;

const isGap = (charge: Charge): charge is GapCharge => "lacks" in charge;

/** What is there goes before what is not, and what cures nearly everything comes last. */
export const tiers = { told: 0, line: 1, gap: 2, pair: 3, last: 4 };

/** A suspect and what its place in the order hangs on. */
export interface Ranked {
  suspect: Suspect;
  tier: number;
  depth: number;
  group: string | null;
}

const wording = (says: Says, scene: Scene, line: Directive | null): string => (typeof says === "string" ? says : says(scene, line));

export const chargeWith = (scene: Scene, charge: Charge): Ranked[] => {
  if (charge.when?.(scene) === false) return [];
  return isGap(charge) ? [gapOf(scene, charge)] : lineSuspects(scene, charge);
};

const gapOf = (scene: Scene, { lacks, says, instead, group, tier = tiers.gap }: GapCharge): Ranked => {
  const { place } = scene.home;
  const suspect: Suspect = {
    id: `no-${lacks.replaceAll(" ", "-")}@${place.file}:${place.line}`,
    place,
    directive: lacks,
    absent: true,
    says: wording(says, scene, null),
    edits: typeof instead === "string" ? setLines(scene, [instead]) : instead(scene),
    link: pageOf(lacks.split(" ")[0] ?? lacks),
  };
  return { suspect, tier, depth: 0, group: group ?? null };
};

const lineSuspects = (scene: Scene, charge: LineCharge): Ranked[] => {
  const { guilty = ([first]) => first !== "off", instead, group, tier = tiers.line } = charge;
  const lines = (charge.lines?.(scene) ?? linesOf(scene, charge.directive)).filter(
    (line) => isOfUser(scene, line) && guilty(line.args, scene),
  );
  const ranked = lines.map((line) => ({ suspect: lineSuspect(scene, charge, line), tier, depth: depthOf(line), group: group ?? null }));
  const [first, second] = ranked;
  // Of lines that stand side by side one alone may not do it.
  if (!first || !second || instead) return ranked.slice(0, instead ? 1 : ranked.length);
  const all = {
    ...first.suspect,
    id: ranked.map(({ suspect }) => suspect.id).join("+"),
    with: { place: second.suspect.place, directive: second.suspect.directive },
    edits: ranked.flatMap(({ suspect }) => suspect.edits),
  };
  return [...ranked, { ...first, suspect: all }];
};

const lineSuspect = (scene: Scene, { directive, says, instead, part }: LineCharge, line: Directive): Suspect => {
  const { place, words } = part?.(scene, line) ?? { place: line.place, words: wordsOf(scene, line) };
  return {
    id: `${directive}@${place.file}:${place.line}`,
    place,
    directive: words,
    absent: false,
    says: wording(says, scene, line),
    edits:
      instead === undefined ? removeLines(scene, [line]) : typeof instead === "string" ? setLines(scene, [instead]) : instead(scene, line),
    link: pageOf(directive),
  };
};
