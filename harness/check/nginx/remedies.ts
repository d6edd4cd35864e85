// Changes that may cure what was seen on a route, smallest first; each acts on this route alone where nginx lets it. Pure.
import type { ApplicationRemedy, Remedy, Route, Symptom } from "../configuration.ts";
import { remediesOf } from "./cure.ts";
import type { Cures } from "./cure.ts";
import { delivery, headers } from "./cures/delivery.ts";
import { broken, errorResponse, limit, reload, truncation } from "./cures/ending.ts";
import { altered, asked, cached, collapsed, disconnect, revalidated, stale, upgrade, upload } from "./cures/others.ts";
import { kindOf } from "./kinds.ts";
import type { Kind } from "./kinds.ts";
import { sceneOf } from "./scene.ts";
import type { Parsed } from "./scene.ts";

const cures: Record<Kind, Cures> = {
  delivery,
  headers,
  limit,
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

export const remedies = (configuration: Parsed, route: Route, symptom: Symptom): (Remedy | ApplicationRemedy)[] => {
  const scene = sceneOf(configuration, route, symptom);
  return scene ? remediesOf(scene, cures[kindOf(symptom)]) : [];
};
