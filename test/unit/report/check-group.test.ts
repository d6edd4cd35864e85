// What differs in nothing but the route and the check is shown once.
import { expect, it } from "vitest";
import { groupsOf } from "../../../harness/report/check-group.ts";
import type { Finding } from "../../../harness/report/check-report.ts";
import { checkReportOf, findings } from "./check-fixtures.ts";

const unprovenOne: Finding = { ...findings.gzip, culprit: null, unproven: "nothing is known to do this", fix: null };
const { gzip } = findings;

it.each<[title: string, one: Finding, other: Partial<Finding>, cards: number]>([
  ["a line on two routes", gzip, { evidence: "1764 ms", conditions: [] }, 1],
  ["a line that each route has its own fix for", gzip, { fix: { ...gzip.fix, diff: "--- a\n+++ b\n" } }, 1],
  ["a line with another rule", gzip, { rule: "lagging" }, 2],
  ["a line that does two things", gzip, { says: "gzip_types text/event-stream does something else" }, 2],
  [
    "a block that is included twice, and no line that could be proven",
    unprovenOne,
    { says: "another number", evidence: "another number" },
    1,
  ],
  ["a block with other attempts", unprovenOne, { unproven: "taking out gzip did not fix it" }, 2],
])("%s", (_, one, other, cards) => {
  const groups = groupsOf(checkReportOf([one, { ...one, route: "b", ...other }]));
  expect(groups.map(({ routes }) => routes)).toEqual(cards === 1 ? [[one.route, "b"]] : [[one.route], ["b"]]);
});

it("each route's own fix is in the group", () => {
  const other = { ...gzip, route: "b", fix: gzip.fix && { ...gzip.fix, diff: "--- a\n+++ b\n" } };
  const [group] = groupsOf(checkReportOf([gzip, other]));
  expect(group?.fixes.map(({ fix, routes }) => [fix.diff, routes])).toEqual([
    [gzip.fix?.diff, [gzip.route]],
    [other.fix?.diff, ["b"]],
  ]);
});
