// `end`, `never`, `flood`: no ordinary record left before the upstream's end, or before the flood.
import type { Delivery } from "../../verdict.ts";
import type { Found, Release } from "./release.ts";
import { plainly } from "./release.ts";
import { bytesBy, endOf } from "../view.ts";
import { floodFrom, isFlooded } from "./passage.ts";

export const releasedByEnd: Release = ({ input, output, case: trialCase, passages }) => {
  const first = output.progress[0]?.[0] ?? null;
  const firstIn = passages[0]?.in ?? 0;
  if (first === null || (input.end.kind !== "open" && first >= input.end.at))
    return buffered({
      released: first === null ? "never" : "end",
      atLeastBytes: input.contentBytes,
      flooded: isFlooded(trialCase) && input.contentBytes >= 1024 * 1024,
      heldForMs: (first ?? endOf(output, trialCase)) - firstIn,
    });
  const floodAt = input.records[floodFrom(trialCase)] ?? null;
  if (floodAt === null || first < floodAt) return null;
  // The flood only adds an upper bound.
  return buffered({
    released: "flood",
    atLeastBytes: bytesBy(input, floodAt - 1),
    atMostBytes: bytesBy(input, first),
    flooded: true,
    heldForMs: first - firstIn,
  });
};

const buffered = (how: Omit<Extract<Delivery, { member: "buffered" }>, "member">): Found => ({
  cause: { member: "buffered", ...how },
  times: plainly,
});
