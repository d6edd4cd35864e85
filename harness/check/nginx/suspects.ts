// Which lines, present or absent, may be guilty of what was seen on a route: likeliest and most specific first. Pure.
import type { Route, Suspect, Symptom } from "../configuration.ts";
import { fitTogether } from "../edits.ts";
import { chargeWith, tiers } from "./charge.ts";
import type { Charge, Ranked } from "./charge.ts";
import { delivery, headers } from "./charges/delivery.ts";
import { broken, errorResponse, reload, timeLimits, truncation } from "./charges/ending.ts";
import { altered, disconnect, upload } from "./charges/others.ts";
import { asked, cached, collapsed, revalidated, stale } from "./charges/source.ts";
import { upgrade, upgradeSuspects } from "./charges/upgrade.ts";
import { kindOf } from "./kinds.ts";
import type { Kind } from "./kinds.ts";
import { sceneOf } from "./scene.ts";
import type { Parsed } from "./scene.ts";

const charges: Record<Kind, Charge[]> = {
  delivery,
  headers,
  limit: timeLimits,
  truncation,
  "error-response": errorResponse,
  broken,
  cached,
  collapsed,
  stale,
  revalidated,
  asked,
  altered,
  disconnect,
  reload,
  upgrade,
  upload,
};

export const suspects = (configuration: Parsed, route: Route, symptom: Symptom): Suspect[] => {
  const scene = sceneOf(configuration, route, symptom);
  if (!scene) return [];
  const kind = kindOf(symptom);
  const single = charges[kind].flatMap((charge) => chargeWith(scene, charge));
  const inOrder = [...single, ...pairsOf(single)].toSorted((a, b) => a.tier - b.tier || b.depth - a.depth).map(({ suspect }) => suspect);
  return distinct([...(kind === "upgrade" ? upgradeSuspects(scene) : []), ...inOrder]);
};

/** The likeliest of two groups each: with both at work neither alone changes anything. */
const pairsOf = (single: Ranked[]): Ranked[] => {
  const leaders = [...Map.groupBy(single, ({ group }) => group)].flatMap(([group, [first]]) => (group && first ? [first] : []));
  return leaders.flatMap((a, at) =>
    leaders.slice(at + 1).flatMap((b): Ranked[] => {
      const [first, second] = [a, b].toSorted((one, other) => one.tier - other.tier || other.depth - one.depth);
      const edits = [...a.suspect.edits, ...b.suspect.edits];
      if (!first || !second || !fitTogether(edits)) return [];
      const { place, directive } = second.suspect;
      const id = `${first.suspect.id}+${second.suspect.id}`;
      // What cures nearly everything cures with anybody, too.
      const tier = second.tier === tiers.last ? tiers.last + 1 : tiers.pair;
      return [{ suspect: { ...first.suspect, id, with: { place, directive }, edits }, tier, depth: 0, group: null }];
    }),
  );
};

/** Several lines may stand in one row, and one experiment is made once. */
const distinct = (all: Suspect[]): Suspect[] => {
  const experiments = new Set<string>();
  const ids = new Set<string>();
  return all.flatMap((suspect) => {
    const experiment = JSON.stringify([suspect.place, suspect.edits]);
    if (suspect.edits.length === 0 || experiments.has(experiment)) return [];
    experiments.add(experiment);
    const id = ids.has(suspect.id) ? `${suspect.id}:${suspect.place.column}` : suspect.id;
    ids.add(id);
    return [{ ...suspect, id }];
  });
};
