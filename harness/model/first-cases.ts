// The first cases of a trial, as its file in trials/ says; further cases: sequels.ts. Pure.
import { definitionOf } from "../trials/index.ts";
import type { Trial } from "../trials/index.ts";
import { builder } from "./case-builder.ts";
import type { Circumstances } from "./case-builder.ts";
import type { Case } from "./script.ts";
import { atPoint, pointsOf } from "./sweep.ts";
import { paceOf } from "./pace.ts";

/** The cases that a trial starts with, at every point of its sweep. They run concurrently. */
export const firstCases = (trial: Trial, circumstances: Circumstances): Case[] =>
  pointsOf(circumstances.request, circumstances.response, trial).flatMap((point) =>
    definitionOf(point.trial)
      .cases(point.trial, { point, settings: circumstances, pace: paceOf(circumstances), build: builder(point, circumstances) })
      .map((trialCase) => atPoint(trialCase, point)),
  );
