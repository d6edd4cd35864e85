// nginx counts a request as failed only if it fails before the response's header section was read (measured by
// test/e2e/check-failing-servers.test.ts): of the trials, only what waits for timeouts fails like that, and it has a copy of the server to itself.
import { expect, it } from "vitest";
import { checksOf, purposes } from "../../../harness/check/checks.ts";
import { definitionOf } from "../../../harness/trials/index.ts";
import { builder } from "../../../harness/model/case-builder.ts";
import { paceOf } from "../../../harness/model/pace.ts";
import type { Check } from "../../../harness/check/checks.ts";
import type { Case } from "../../../harness/model/script.ts";

const casesOf = ({ trial, request, response }: Check): Case[] => {
  const settings = { epsilonMs: 5, limitMs: null };
  const point = { request, response } as Parameters<typeof builder>[0];
  return definitionOf(trial).cases(trial, { point, settings, pace: paceOf(settings), build: builder(point, settings) });
};

/** Before anything of the response was sent. */
const failsEarly = ({ script: { steps } }: Case): boolean => {
  const [first] = steps;
  return first === undefined || !["headers", "write", "lock-step", "interim", "write-until-gone"].includes(first.do);
};

it.each(purposes)("of the trials for %s, only those that wait for the first byte can make nginx leave out a server", (purpose) => {
  const early = checksOf(purpose).filter((check) => casesOf(check).some(failsEarly));
  expect(early.map(({ id }) => id)).toEqual(["first-byte"]);
  expect(early.every(({ timeScale }) => timeScale !== undefined)).toBe(true);
});
