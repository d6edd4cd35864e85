// What is known of directives, as data: which symptoms a line may cause, which change may fix them, what is believed of it. Types, and the
// order of suspects.
import type { ApplicationFix, Edit } from "../../configuration.ts";
import type { Context, Spot } from "./context.ts";
import type { Kind } from "./kinds.ts";
import type { Directive } from "./tree.ts";

/** Everything that is known of directives that belong together: one file of directives/. */
export interface Family {
  /** The pages of the documentation, each with the directives that it describes; a page of nginx's own is named by its module. */
  pages?: Readonly<Record<string, string>>;
  suspects?: Partial<Record<Kind, SuspectRule[]>>;
  fixes?: Partial<Record<Kind, FixRule[]>>;
  /** What only the application can do. */
  application?: Partial<Record<Kind, ApplicationFix[]>>;
  beliefs?: Belief[];
  signs?: SignRule[];
}

/** A line that is only written for a route that streams. */
export interface SignRule {
  directive: string;
  like: (args: readonly string[]) => boolean;
}

/** A clause after the directive: what it does if it is the culprit. */
export type Says = string | ((context: Context, line: Directive | null) => string);

/** What was measured, so that it can be predicted where nothing can run. */
export interface Measured {
  /** Whether it causes this by itself; default: it is only tried. */
  alone?: (context: Context, line: Directive | null) => boolean;
  /** What else must be so, each a clause after "if". */
  provided?: (context: Context) => string[];
}

/** A line that is there. */
export interface LineRule extends Measured {
  directive: string;
  /** Which of its lines; default: all that are not `off`. */
  matches?: (args: readonly string[], context: Context) => boolean;
  /** Default: those that are in effect for the route. */
  lines?: (context: Context) => Directive[];
  /** Only where this is so; default: always. */
  when?: (context: Context) => boolean;
  says: Says;
  /** The experiment: what is set for the route instead, or how it is removed; default: the lines are removed. */
  instead?: string | ((context: Context, line: Directive) => Edit[]);
  /** The words to blame, where they are not the whole line. */
  part?: (context: Context, line: Directive) => { place: Directive["place"]; words: string };
  /** The name under which the documentation has it; default: the directive's. */
  page?: string;
  /** Suspects of different groups are also tried together. */
  group?: string;
  /** Default: a line's. */
  tier?: number;
}

/** A line that is not there. */
export interface AbsenceRule extends Measured {
  lacks: string;
  /** What nginx does without it: the directive's default. */
  default?: string;
  when: (context: Context) => boolean;
  says: Says;
  instead: string | ((context: Context) => Edit[]);
  group?: string;
  tier?: number;
}

export type SuspectRule = LineRule | AbsenceRule;

/** What is there goes before what is not, and what fixes nearly everything comes last. */
export const tiers = { first: -1, measured: 0, line: 1, gap: 2, pair: 3, last: 4 };

export interface FixRule {
  id: string;
  /** By which its place among the fixes of a symptom is looked up; default: its id. */
  key?: string;
  title: string | ((context: Context) => string);
  when: (context: Context) => boolean;
  /** Lines to set for the route, or edits of another kind. */
  change: string[] | ((context: Context) => Edit[]);
  cost: string | null | ((context: Context) => string);
  /** Names of the directives whose known effect it ends; default: its id. */
  against?: string[];
  /** Default: the page of what its first line sets. */
  link?: string;
  /** Fixes with this mark do each a part, and are also tried all at once. */
  part?: true;
}

/** A line that is believed to help. */
export interface Belief {
  directive: string;
  /** Which of its lines; default: all. */
  like?: RegExp | ((words: string) => boolean);
  /** Only in the route's own block, since elsewhere it has other uses. */
  own?: true;
  when?: (spot: Spot) => boolean;
  belief: string;
  /** It is about how long something lasts: only trials that wait could show an effect. */
  isOfTime?: true;
  because?: string;
  /** For whom it does have an effect, a clause of its own. */
  elsewhere?: string;
}
