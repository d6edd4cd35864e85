// What differs in nothing but the route and the check is told once.
import { expect, it } from "vitest";
import { groupsOf } from "../../../harness/report/check-group.ts";
import type { Finding } from "../../../harness/report/check-report.ts";
import { checkReportOf, findings } from "./check-fixtures.ts";

const unprovenOne: Finding = { ...findings.gzip, guilty: null, unproven: "nothing is known to do this", cure: null };
const { gzip } = findings;

it.each<[title: string, one: Finding, other: Partial<Finding>, cards: number]>([
  ["a line on two routes", gzip, { evidence: "1764 ms", conditions: [] }, 1],
  ["a line whose cure is another there", gzip, { cure: { ...gzip.cure, diff: "--- a\n+++ b\n" } }, 2],
  ["a line with another rule", gzip, { rule: "lagging" }, 2],
  ["a line that does two things", gzip, { says: "gzip_types text/event-stream does something else" }, 2],
  [
    "a block that is included twice, and no line that could be proven",
    unprovenOne,
    { says: "another number", evidence: "another number" },
    1,
  ],
  ["a block with other attempts", unprovenOne, { unproven: "taking out gzip did not cure it" }, 2],
])("%s", (_, one, other, cards) => {
  const groups = groupsOf(checkReportOf([one, { ...one, route: "b", ...other }]));
  expect(groups.map(({ routes }) => routes)).toEqual(cards === 1 ? [[one.route, "b"]] : [[one.route], ["b"]]);
});
