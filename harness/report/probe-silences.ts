// The silences of a probed response that are worth a word: those before records that came together or before a cut, else the longest one.
import type { ProbeResponse } from "./probe-report.ts";
import { duration } from "./text.ts";
import type { Silence } from "./waterfall.ts";

/** More would stand on top of each other. */
const most = 6;

export const silencesOf = (response: ProbeResponse): Silence[] => {
  const harmful = response.findings.flatMap((finding): Silence[] => {
    if (finding.kind === "cut" && finding.cut.by === "idle-timeout")
      return [silence(finding.atMs - finding.cut.silentMs, finding.atMs, "then cut")];
    if (finding.kind !== "arrival") return [];
    const { arrival } = finding;
    const clumps = arrival.seen === "clumps" ? arrival.clumps : arrival.seen === "all-at-the-end" ? [arrival.clump] : [];
    return clumps.map(({ atMs, afterMs, records }) => silence(atMs - afterMs, atMs, `then ${records} at once`));
  });
  if (harmful.length === 0) return longestOf(response);
  const shown = harmful.toSorted((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs)).slice(0, most);
  // Words of neighbors would run into each other: the longest has them.
  return shown.map((one, index) => (index === 0 ? one : { ...one, text: "" })).toSorted((a, b) => a.fromMs - b.fromMs);
};

const silence = (fromMs: number, toMs: number, then: string): Silence => ({
  fromMs,
  toMs,
  text: `${duration(toMs - fromMs)} of silence, ${then}`,
  isHarmful: true,
});

/** Between the header section, records and the end. */
const longestOf = ({ headersMs, recordsMs, end }: ProbeResponse): Silence[] => {
  const times = [headersMs ?? 0, ...recordsMs, end.atMs];
  const gaps = times.slice(1).map((toMs, index) => ({ fromMs: times[index] ?? 0, toMs }));
  const [longest] = gaps.toSorted((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs));
  return longest && recordsMs.length > 0
    ? [{ ...longest, text: `longest silence ${duration(longest.toMs - longest.fromMs)}`, isHarmful: false }]
    : [];
};
