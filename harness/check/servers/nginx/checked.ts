// An nginx configuration that was read, as `hopwise check` uses it.
import { changedBy } from "../../server.ts";
import type { CheckedConfig } from "../../server.ts";
import type { Parsed } from "./context.ts";
import { featuresOf } from "./features.ts";
import { fixes } from "./fixes.ts";
import { hintFor } from "./hints.ts";
import { keepingOf } from "./keeping.ts";
import { noEffectCandidates } from "./no-effect.ts";
import { forOwnBuild } from "./own-build.ts";
import { namesFile, refusedLine } from "./refusals.ts";
import { signsOf } from "./signs.ts";
import { routesIn } from "./routes-in.ts";
import { suspects } from "./suspects.ts";
import { contentOf } from "./template.ts";
import { limitsOf, shutdownTimeoutOf } from "./time-limits.ts";

export const checked = (parsed: Parsed): CheckedConfig => {
  const { routes, tree: _tree, version: _version, variables: _variables, masks: _masks, loads: _loads, ...deployment } = parsed;
  return {
    deployment,
    routes,
    features: (route) => featuresOf(parsed, route),
    signs: (route) => signsOf(parsed, route),
    limits: (route) => limitsOf(parsed, route),
    cutsAfterReloadMs: (route) => shutdownTimeoutOf(parsed, route),
    keeps: (route) => keepingOf(parsed, route),
    suspects: (route, symptom) => suspects(parsed, route, symptom),
    fixes: (route, symptom) => fixes(parsed, route, symptom),
    routesIn: (edits) => routesIn(parsed, edits),
    noEffectCandidates: (route) => noEffectCandidates(parsed, route),
    contentOf: (file) => contentOf(parsed, file),
    lineOf: (refusal) => refusedLine(parsed, refusal),
    isAbout: namesFile,
    hintFor: (refusal) => hintFor(parsed, refusal),
    forOwnBuild: (release) => checked(forOwnBuild(parsed, release)),
    with: (change) => checked(changedBy(parsed, change)),
  };
};
