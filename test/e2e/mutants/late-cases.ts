// The late and slow mutants and the harmless hops as scenarios, at every possible position.
import { lateExpectations, harmless } from "./late.ts";
import type { Late, Harmless } from "./late.ts";
import { caseOf, pipe } from "./matrix.ts";
import type { Case } from "./matrix.ts";
import type { Expectation } from "./table.ts";

const of = 4;

const placed = (one: Harmless, expected: Expectation[], places: readonly number[]): Case[] => {
  const { mutant, variant, trial, request } = one;
  const server = variant ? `${mutant}:${variant}` : mutant;
  const bytes = "recordBytes" in trial ? [trial.recordBytes] : [];
  const id = [server.replace(":", "-"), trial.kind, ...bytes, ...(expected.length === 0 ? ["harmless"] : [])].join("-");
  const settings = { trial, ...(request ? { request } : {}) };
  const hopsAt = (place: number): string[] => Array.from({ length: of }, (_, index) => (index === place ? server : pipe));
  return [
    caseOf(`${id}-alone`, server, "alone", [server], expected, settings),
    ...places.map((place) => caseOf(`${id}-${place + 1}-of-${of}`, server, `${place + 1} of ${of}`, hopsAt(place), expected, settings)),
  ];
};

const placesOf = ({ last }: Harmless, places: readonly number[]): readonly number[] => (last ? [of - 1] : places);

/** Alone, and in each place of a chain of four. */
export const lateCases = (): Case[] => lateExpectations.flatMap((one: Late) => placed(one, [one], placesOf(one, [0, 1, 2, 3])));

/** Alone, and between pipes. */
export const harmlessCases = (): Case[] => harmless.flatMap((one) => placed(one, [], placesOf(one, [1])));
